import * as vscode from "vscode";
import type { BuildAnswers } from "../platform/memory";
import type { Step } from "../ui/flow";

/** What is known of a build while it is asked for. */
export interface Draft extends Partial<BuildAnswers> {
  readonly push: boolean;
  /** Where Dockerfiles are looked for while no context is chosen: a folder of the workspace or of the disk. */
  readonly within?: string;
}

/** One question about a build. */
export type BuildStep = Step<Draft>;

/** The title that all questions about a build share. */
export function titleOf({ push }: Draft): string {
  return push ? vscode.l10n.t("Build and Push Image") : vscode.l10n.t("Build Image");
}
