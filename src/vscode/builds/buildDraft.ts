import * as vscode from "vscode";
import type { BuildAnswers } from "../platform/memory";
import type { Step } from "../ui/flow";

/** Values of a build that are known so far, while the person is asked for the rest. */
export interface Draft extends Partial<BuildAnswers> {
  readonly push: boolean;
  /** Absolute path of the folder in which Dockerfiles are searched for until a build context is selected. */
  readonly within?: string;
}

/** Prompt for one part of a build. */
export type BuildStep = Step<Draft>;

/** Returns the title that all prompts for a build share. */
export function titleOf({ push }: Draft): string {
  return push ? vscode.l10n.t("Build and Push Image") : vscode.l10n.t("Build Image");
}
