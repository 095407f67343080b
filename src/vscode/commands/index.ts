import * as vscode from "vscode";
import type { Services } from "../services";
import { showFailure } from "../showFailure";
import { isComplete } from "../startBuild";
import { addRegistry } from "./addRegistry";
import { addSecretKey } from "./addSecretKey";
import { buildAndPushImage } from "./buildAndPushImage";
import { buildImage } from "./buildImage";
import { cancelBuild } from "./cancelBuild";
import { changeSecretValue } from "./changeSecretValue";
import { chooseBuildContext } from "./chooseBuildContext";
import { clearBuildContextFilter } from "./clearBuildContextFilter";
import { clearBuilds } from "./clearBuilds";
import { compareWithGitignore } from "./compareWithGitignore";
import { copyDigest } from "./copyDigest";
import { copyImageName } from "./copyImageName";
import { copySecretReference } from "./copySecretReference";
import { deleteSecret } from "./deleteSecret";
import { excludeFromBuildContext } from "./excludeFromBuildContext";
import { explainFile } from "./explainFile";
import { filterBuildContext } from "./filterBuildContext";
import { forgetRegistryPassword } from "./forgetRegistryPassword";
import { forgetUploadAnswers } from "./forgetUploadAnswers";
import { generateDockerignore } from "./generateDockerignore";
import { goToDecidingLine } from "./goToDecidingLine";
import { hideExcludedFiles } from "./hideExcludedFiles";
import { includeInBuildContext } from "./includeInBuildContext";
import { newSecret } from "./newSecret";
import { openContextFile } from "./openContextFile";
import { openDockerfile } from "./openDockerfile";
import { openIgnoreFile } from "./openIgnoreFile";
import { rebuildImage } from "./rebuildImage";
import { refreshBuildContext } from "./refreshBuildContext";
import { refreshViews } from "./refreshViews";
import { isFlavorSource, registerFlavorFromSource } from "./registerFlavorFromSource";
import { removeFlavor } from "./removeFlavor";
import { removeRegistry } from "./removeRegistry";
import { revealInExplorer } from "./revealInExplorer";
import { setRegistryPassword } from "./setRegistryPassword";
import { showBuildContext } from "./showBuildContext";
import { showExcludedFiles } from "./showExcludedFiles";
import { showInBuildContext } from "./showInBuildContext";
import { showLog } from "./showLog";
import { showMoreRows } from "./showMoreRows";
import { showTreemap } from "./showTreemap";
import { switchIgnoreFile } from "./switchIgnoreFile";

/** VS Code hands on what a command was called on, and in views the rows that are selected. */
type Command = (services: Services, target?: unknown, selection?: unknown) => unknown;

/** Every command by the second part of its id, `imageBuilders.<name>`; package.json and package.nls.json must name the same. */
export const commands: Readonly<Record<string, Command>> = {
  addRegistry,
  addSecretKey,
  buildAndPushImage,
  buildImage,
  cancelBuild,
  changeSecretValue,
  chooseBuildContext,
  clearBuildContextFilter,
  clearBuilds,
  compareWithGitignore,
  copyDigest,
  copyImageName,
  copySecretReference,
  deleteSecret,
  excludeFromBuildContext,
  explainFile,
  filterBuildContext,
  forgetRegistryPassword,
  forgetUploadAnswers,
  generateDockerignore,
  goToDecidingLine,
  hideExcludedFiles,
  includeInBuildContext,
  newSecret,
  openContextFile,
  openDockerfile,
  openIgnoreFile,
  rebuildImage,
  refreshBuildContext,
  refreshViews,
  registerFlavorFromSource,
  removeFlavor,
  removeRegistry,
  revealInExplorer,
  setRegistryPassword,
  showBuildContext,
  showExcludedFiles,
  showInBuildContext,
  showLog,
  showMoreRows,
  showTreemap,
  switchIgnoreFile,
};

/** Registers all commands. */
export function registerCommands(services: Services): vscode.Disposable {
  const registrations = Object.entries(commands).map(([name, command]) =>
    vscode.commands.registerCommand(`imageBuilders.${name}`, (target?: unknown, selection?: unknown) => run(services, command, target, selection)),
  );
  return vscode.Disposable.from(...registrations);
}

/** A person is told of a failure; a program that gave all arguments gets it. A cancelled command has no result. */
async function run(services: Services, command: Command, target: unknown, selection: unknown): Promise<unknown> {
  try {
    return await command(services, target, selection);
  } catch (error) {
    if (error instanceof vscode.CancellationError) return undefined;
    if (isComplete(target) || isFlavorSource(target)) throw error;
    services.log.debug(error instanceof Error ? (error.stack ?? error.message) : String(error));
    void showFailure(services, error);
    return undefined;
  }
}
