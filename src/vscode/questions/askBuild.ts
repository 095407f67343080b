import * as vscode from "vscode";
import type { BuildAnswers } from "../memory";
import type { Services } from "../services";
import { buildSettings } from "../settings";
import { askBuilder, askRegistry } from "./askComponents";
import { askDockerfile } from "./askDockerfile";
import { askFolder } from "./askFolder";
import { askImageName } from "./askImageName";
import { ask, type Step } from "./flow";

/** What is known of a build while it is asked for. */
export interface Draft extends Partial<BuildAnswers> {
  readonly push: boolean;
  /** Where Dockerfiles are looked for while no context is chosen: a folder of the workspace or of the disk. */
  readonly within?: string;
}

/** One question about a build. */
export type BuildStep = Step<Draft>;

/**
 * Asks for what a build still lacks and remembers the answers for its folder.
 *
 * @returns nothing when a question was dismissed
 */
export async function askBuild(services: Services, start: Draft): Promise<BuildAnswers | undefined> {
  const steps: BuildStep[] = [askFolder, askDockerfile(services), askBuilder(services), askRegistry(services), askImageName(services)];
  const draft = await ask(start, steps);
  if (!draft) return undefined;
  const { folder, dockerfile, builder, registry, imageName, options = {} } = draft;
  if (folder === undefined || dockerfile === undefined || builder === undefined || imageName === undefined) return undefined;
  const answers: BuildAnswers = { folder, dockerfile, builder, registry, imageName, options };
  // A name that is just the template is not kept, so that the template may change; an export is for once.
  await services.memory.keep({ ...answers, options: { ...options, output: undefined }, imageName: imageName === buildSettings(folder).tagTemplate ? undefined : imageName });
  return answers;
}

/** The title that all questions about a build share. */
export function titleOf({ push }: Draft): string {
  return push ? vscode.l10n.t("Build and Push Image") : vscode.l10n.t("Build Image");
}
