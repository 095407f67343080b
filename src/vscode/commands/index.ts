import * as vscode from "vscode";
import { isComponentRequest, isRegistration } from "../components/componentRequest";
import { isConnectorReference, isConnectorRegistration } from "../connectors/connectorRequest";
import type { Services } from "../services";
import { showFailure } from "../showFailure";
import { isSpecArguments } from "../images/startSpecBuild";
import { isComplete } from "../builds/startBuild";
import { addRegistry } from "./addRegistry";
import { addSecretKey } from "./addSecretKey";
import { browseRegistry } from "./browseRegistry";
import { buildAndPushImage } from "./buildAndPushImage";
import { buildAndPushImageSpec } from "./buildAndPushImageSpec";
import { buildImage } from "./buildImage";
import { buildImageSpec } from "./buildImageSpec";
import { cancelBuild } from "./cancelBuild";
import { changeSecretValue } from "./changeSecretValue";
import { checkCredentials } from "./checkCredentials";
import { chooseBuildContext } from "./chooseBuildContext";
import { clearActiveComponent } from "./clearActiveComponent";
import { clearBuildContextFilter } from "./clearBuildContextFilter";
import { clearBuilds } from "./clearBuilds";
import { compareWithGitignore } from "./compareWithGitignore";
import { confirmSources } from "./confirmSources";
import { connectComponent } from "./connectComponent";
import { convertToDockerfile } from "./convertToDockerfile";
import { convertToImageSpec } from "./convertToImageSpec";
import { copyComponent } from "./copyComponent";
import { copyDigest } from "./copyDigest";
import { copyImageName } from "./copyImageName";
import { copyImageUri } from "./copyImageUri";
import { copySecretReference } from "./copySecretReference";
import { deleteComponent } from "./deleteComponent";
import { deleteConnector } from "./deleteConnector";
import { deleteFromRegistry } from "./deleteFromRegistry";
import { deleteSecret } from "./deleteSecret";
import { describeComponent } from "./describeComponent";
import { describeFlavor } from "./describeFlavor";
import { disconnectComponent } from "./disconnectComponent";
import { excludeFromBuildContext } from "./excludeFromBuildContext";
import { explainFile } from "./explainFile";
import { filterBuildContext } from "./filterBuildContext";
import { filterRegistryRows } from "./filterRegistryRows";
import { forgetRegistryPassword } from "./forgetRegistryPassword";
import { forgetRepository } from "./forgetRepository";
import { forgetUploadAnswers } from "./forgetUploadAnswers";
import { generateDockerignore } from "./generateDockerignore";
import { getActiveComponent } from "./getActiveComponent";
import { goToDecidingLine } from "./goToDecidingLine";
import { hideExcludedFiles } from "./hideExcludedFiles";
import { includeInBuildContext } from "./includeInBuildContext";
import { listComponents } from "./listComponents";
import { manageTrustedSources } from "./manageTrustedSources";
import { newImageSpec } from "./newImageSpec";
import { newSecret } from "./newSecret";
import { openContextFile } from "./openContextFile";
import { openDockerfile } from "./openDockerfile";
import { openIgnoreFile } from "./openIgnoreFile";
import { openRepository } from "./openRepository";
import { previewDockerfile } from "./previewDockerfile";
import { previewImageContext } from "./previewImageContext";
import { pullImage } from "./pullImage";
import { rebuildImage } from "./rebuildImage";
import { refreshBuildContext } from "./refreshBuildContext";
import { refreshImages } from "./refreshImages";
import { refreshRegistryRow } from "./refreshRegistryRow";
import { refreshViews } from "./refreshViews";
import { registerConnector } from "./registerConnector";
import { registerContainerRegistry } from "./registerContainerRegistry";
import { registerImageBuilder } from "./registerImageBuilder";
import { removeComponentAttribute } from "./removeComponentAttribute";
import { removeFlavor } from "./removeFlavor";
import { renameComponent } from "./renameComponent";
import { revealInExplorer } from "./revealInExplorer";
import { setActiveComponent } from "./setActiveComponent";
import { setRegistryPassword } from "./setRegistryPassword";
import { showBuildContext } from "./showBuildContext";
import { showExcludedFiles } from "./showExcludedFiles";
import { showInBuildContext } from "./showInBuildContext";
import { showLog } from "./showLog";
import { showMoreRows } from "./showMoreRows";
import { showTreemap } from "./showTreemap";
import { switchIgnoreFile } from "./switchIgnoreFile";
import { updateComponent } from "./updateComponent";
import { isFlavorSource, registerFlavorFromSource } from "./registerFlavorFromSource";
import { updateConnector } from "./updateConnector";
import { verifyConnector } from "./verifyConnector";

/** VS Code hands on what a command was called on, and in views the rows that are selected. */
type Command = (services: Services, target?: unknown, selection?: unknown) => unknown;

/** Every command by the second part of its id, `imageBuilders.<name>`; package.json and package.nls.json must name the same. */
export const commands: Readonly<Record<string, Command>> = {
  addRegistry,
  addSecretKey,
  browseRegistry,
  buildAndPushImage,
  buildAndPushImageSpec,
  buildImage,
  buildImageSpec,
  cancelBuild,
  changeSecretValue,
  checkCredentials,
  chooseBuildContext,
  clearActiveComponent,
  clearBuildContextFilter,
  clearBuilds,
  compareWithGitignore,
  confirmSources,
  connectComponent,
  convertToDockerfile,
  convertToImageSpec,
  copyComponent,
  copyDigest,
  copyImageName,
  copyImageUri,
  copySecretReference,
  deleteComponent,
  deleteConnector,
  deleteFromRegistry,
  deleteSecret,
  describeComponent,
  describeFlavor,
  disconnectComponent,
  excludeFromBuildContext,
  explainFile,
  filterBuildContext,
  filterRegistryRows,
  forgetRegistryPassword,
  forgetRepository,
  forgetUploadAnswers,
  generateDockerignore,
  getActiveComponent,
  goToDecidingLine,
  hideExcludedFiles,
  includeInBuildContext,
  listComponents,
  manageTrustedSources,
  newImageSpec,
  newSecret,
  openContextFile,
  openDockerfile,
  openIgnoreFile,
  openRepository,
  previewDockerfile,
  previewImageContext,
  pullImage,
  rebuildImage,
  refreshBuildContext,
  refreshImages,
  refreshRegistryRow,
  refreshViews,
  registerConnector,
  registerContainerRegistry,
  registerFlavorFromSource,
  registerImageBuilder,
  removeComponentAttribute,
  removeFlavor,
  renameComponent,
  revealInExplorer,
  setActiveComponent,
  setRegistryPassword,
  showBuildContext,
  showExcludedFiles,
  showInBuildContext,
  showLog,
  showMoreRows,
  showTreemap,
  switchIgnoreFile,
  updateComponent,
  updateConnector,
  verifyConnector,
};

/** Registers all commands. */
export function registerCommands(services: Services): vscode.Disposable {
  const registrations = Object.entries(commands).map(([name, command]) =>
    vscode.commands.registerCommand(`imageBuilders.${name}`, (target?: unknown, selection?: unknown) => services.trail.follow(name, () => run(services, command, target, selection))),
  );
  return vscode.Disposable.from(...registrations);
}

/** A person is told of a failure; a program that gave all arguments gets it. A cancelled command has no result. */
async function run(services: Services, command: Command, target: unknown, selection: unknown): Promise<unknown> {
  try {
    return await command(services, target, selection);
  } catch (error) {
    if (error instanceof vscode.CancellationError) return undefined;
    if ([isComplete, isFlavorSource, isComponentRequest, isRegistration, isSpecArguments, isConnectorReference, isConnectorRegistration].some((isProgram) => isProgram(target))) throw error;
    services.log.debug(error instanceof Error ? (error.stack ?? error.message) : String(error));
    void showFailure(services, error);
    return undefined;
  }
}
