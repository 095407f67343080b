import { isComponentRequest, isRegistration } from "./components/questions/componentRequest";
import { isConnectorReference, isConnectorRegistration } from "./connectors/view/connectorRequest";
import type { Services } from "./services";
import { isSpecArguments } from "./images/startSpecBuild";
import { isComplete } from "./builds/startBuild";
import { addRegistry } from "./registries/addRegistry";
import { addSecretKey } from "./secrets/addSecretKey";
import { browseRegistry } from "./registries/browseRegistry";
import { buildAndPushImage } from "./builds/buildAndPushImage";
import { buildAndPushImageSpec } from "./images/buildAndPushImageSpec";
import { buildImage } from "./builds/buildImage";
import { buildImageSpec } from "./images/buildImageSpec";
import { cancelBuild } from "./builds/cancelBuild";
import { changeSecretValue } from "./secrets/changeSecretValue";
import { checkCredentials } from "./registries/checkCredentials";
import { checkImageSpec } from "./images/checkImageSpec";
import { chooseBuildContext } from "./context/chooseBuildContext";
import { clearActiveComponent } from "./components/clearActiveComponent";
import { clearBuildContextFilter } from "./context/clearBuildContextFilter";
import { clearBuilds } from "./builds/clearBuilds";
import { compareBuilds } from "./builds/compareBuilds";
import { compareWithGitignore } from "./context/ignoreFiles/compareWithGitignore";
import { confirmSources } from "./registries/confirmSources";
import { manageWorkspaceTrust } from "./platform/manageWorkspaceTrust";
import { confirmSpecSources } from "./images/confirmSpecSources";
import { connectComponent } from "./components/connectComponent";
import { convertToDockerfile } from "./images/convertToDockerfile";
import { convertToImageSpec } from "./images/convertToImageSpec";
import { copyComponent } from "./components/copyComponent";
import { copyDigest } from "./registries/copyDigest";
import { copyImageName } from "./registries/copyImageName";
import { copyImageUri } from "./images/copyImageUri";
import { copySecretReference } from "./secrets/copySecretReference";
import { createDockerfile } from "./images/createDockerfile";
import { deleteBuild } from "./builds/deleteBuild";
import { deleteComponent } from "./components/deleteComponent";
import { deleteConnector } from "./connectors/deleteConnector";
import { deleteFromRegistry } from "./registries/deleteFromRegistry";
import { deleteSecret } from "./secrets/deleteSecret";
import { describeComponent } from "./components/describeComponent";
import { describeFlavor } from "./flavors/describeFlavor";
import { disconnectComponent } from "./components/disconnectComponent";
import { excludeFromBuildContext } from "./context/excludeFromBuildContext";
import { explainFile } from "./context/ignoreFiles/explainFile";
import { filterBuildContext } from "./context/filterBuildContext";
import { filterRegistryRows } from "./registries/filterRegistryRows";
import { forgetRegistryPassword } from "./registries/forgetRegistryPassword";
import { forgetRepository } from "./registries/forgetRepository";
import { forgetUploadAnswers } from "./context/forgetUploadAnswers";
import { generateDockerignore } from "./context/ignoreFiles/generateDockerignore";
import { getActiveComponent } from "./components/getActiveComponent";
import { goToDecidingLine } from "./context/goToDecidingLine";
import { hideExcludedFiles } from "./context/hideExcludedFiles";
import { includeInBuildContext } from "./context/includeInBuildContext";
import { listComponents } from "./components/listComponents";
import { manageTrustedSources } from "./consent/manageTrustedSources";
import { newImageSpec } from "./images/newImageSpec";
import { newSecret } from "./secrets/newSecret";
import { openContextFile } from "./context/openContextFile";
import { openDocumentation } from "./platform/openDocumentation";
import { openDockerfile } from "./builds/openDockerfile";
import { openIgnoreFile } from "./context/ignoreFiles/openIgnoreFile";
import { openRepository } from "./registries/openRepository";
import { pinBaseImage } from "./images/pinBaseImage";
import { previewDockerfile } from "./images/previewDockerfile";
import { previewImageContext } from "./images/previewImageContext";
import { pullImage } from "./registries/pullImage";
import { pushExistingImage } from "./registries/pushExistingImage";
import { pushAgain } from "./builds/pushAgain";
import { rebuildImage } from "./images/rebuildImage";
import { refreshBuildContext } from "./context/refreshBuildContext";
import { refreshImages } from "./images/refreshImages";
import { refreshRegistryRow } from "./registries/refreshRegistryRow";
import { refreshViews } from "./components/refreshViews";
import { registerConnector } from "./connectors/registerConnector";
import { registerContainerRegistry } from "./components/registerContainerRegistry";
import { registerImageBuilder } from "./components/registerImageBuilder";
import { removeComponentAttribute } from "./components/removeComponentAttribute";
import { removeLocalImage } from "./components/localImages/removeLocalImage";
import { removeFlavor } from "./flavors/removeFlavor";
import { renameComponent } from "./components/renameComponent";
import { revealInExplorer } from "./context/revealInExplorer";
import { runImage } from "./builds/runImage";
import { sendFeedback } from "./platform/sendFeedback";
import { setActiveComponent } from "./components/setActiveComponent";
import { setRegistryPassword } from "./registries/setRegistryPassword";
import { showBuildReport } from "./builds/showBuildReport";
import { showBuildContext } from "./context/showBuildContext";
import { showExcludedFiles } from "./context/showExcludedFiles";
import { showInBuildContext } from "./context/showInBuildContext";
import { showLog } from "./builds/showLog";
import { showMoreRows } from "./registries/showMoreRows";
import { showTreemap } from "./context/showTreemap";
import { switchIgnoreFile } from "./context/ignoreFiles/switchIgnoreFile";
import { tagLocalImage } from "./components/localImages/tagLocalImage";
import { updateComponent } from "./components/updateComponent";
import { isFlavorSource, registerFlavorFromSource } from "./flavors/registerFlavorFromSource";
import { useDockerContext } from "./components/useDockerContext";
import { updateConnector } from "./connectors/updateConnector";
import { verifyConnector } from "./connectors/verifyConnector";

/** VS Code passes the item on which a command was called, and in views also the selected rows. */
type Run = (services: Services, target?: unknown, selection?: unknown) => unknown;

/** Implementation of a command, and how it recognizes a call by a program. */
export interface Command {
  readonly run: Run;
  /**
   * Returns the arguments of a program, which receives errors itself; undefined for any argument that a click passes.
   */
  readonly parseArguments: (target: unknown) => object | undefined;
}

function interactive(run: Run): Command {
  return { run, parseArguments: () => undefined };
}

function callable(run: Run, isArguments: (target: unknown) => target is object): Command {
  return { run, parseArguments: (target) => (isArguments(target) ? target : undefined) };
}

/**
 * Commands by the second part of their id, `imageBuilders.<name>`. package.json and package.nls.json must list the same
 * ids.
 */
export const commands: Readonly<Record<string, Command>> = {
  addRegistry: interactive(addRegistry),
  addSecretKey: interactive(addSecretKey),
  browseRegistry: interactive(browseRegistry),
  buildAndPushImage: callable(buildAndPushImage, isComplete),
  buildAndPushImageSpec: callable(buildAndPushImageSpec, isSpecArguments),
  buildImage: callable(buildImage, isComplete),
  buildImageSpec: callable(buildImageSpec, isSpecArguments),
  cancelBuild: interactive(cancelBuild),
  changeSecretValue: interactive(changeSecretValue),
  checkCredentials: interactive(checkCredentials),
  checkImageSpec: interactive(checkImageSpec),
  chooseBuildContext: interactive(chooseBuildContext),
  clearActiveComponent: interactive(clearActiveComponent),
  clearBuildContextFilter: interactive(clearBuildContextFilter),
  clearBuilds: interactive(clearBuilds),
  compareBuilds: interactive(compareBuilds),
  compareWithGitignore: interactive(compareWithGitignore),
  confirmSources: interactive(confirmSources),
  confirmSpecSources: interactive(confirmSpecSources),
  connectComponent: callable(connectComponent, isComponentRequest),
  convertToDockerfile: interactive(convertToDockerfile),
  convertToImageSpec: interactive(convertToImageSpec),
  copyComponent: callable(copyComponent, isComponentRequest),
  copyDigest: interactive(copyDigest),
  copyImageName: interactive(copyImageName),
  copyImageUri: interactive(copyImageUri),
  copySecretReference: interactive(copySecretReference),
  createDockerfile: interactive(createDockerfile),
  deleteBuild: interactive(deleteBuild),
  deleteComponent: callable(deleteComponent, isComponentRequest),
  deleteConnector: callable(deleteConnector, isConnectorReference),
  deleteFromRegistry: interactive(deleteFromRegistry),
  deleteSecret: interactive(deleteSecret),
  describeComponent: callable(describeComponent, isComponentRequest),
  describeFlavor: interactive(describeFlavor),
  disconnectComponent: callable(disconnectComponent, isComponentRequest),
  excludeFromBuildContext: interactive(excludeFromBuildContext),
  explainFile: interactive(explainFile),
  filterBuildContext: interactive(filterBuildContext),
  filterRegistryRows: interactive(filterRegistryRows),
  forgetRegistryPassword: interactive(forgetRegistryPassword),
  forgetRepository: interactive(forgetRepository),
  forgetUploadAnswers: interactive(forgetUploadAnswers),
  generateDockerignore: interactive(generateDockerignore),
  getActiveComponent: callable(getActiveComponent, isComponentRequest),
  goToDecidingLine: interactive(goToDecidingLine),
  hideExcludedFiles: interactive(hideExcludedFiles),
  includeInBuildContext: interactive(includeInBuildContext),
  listComponents: callable(listComponents, isComponentRequest),
  manageTrustedSources: interactive(manageTrustedSources),
  manageWorkspaceTrust: interactive(manageWorkspaceTrust),
  newImageSpec: interactive(newImageSpec),
  newSecret: interactive(newSecret),
  openContextFile: interactive(openContextFile),
  openDockerfile: interactive(openDockerfile),
  openDocumentation: interactive(openDocumentation),
  openIgnoreFile: interactive(openIgnoreFile),
  openRepository: interactive(openRepository),
  pinBaseImage: interactive(pinBaseImage),
  previewDockerfile: interactive(previewDockerfile),
  previewImageContext: interactive(previewImageContext),
  pullImage: interactive(pullImage),
  pushAgain: interactive(pushAgain),
  pushExistingImage: interactive(pushExistingImage),
  rebuildImage: interactive(rebuildImage),
  refreshBuildContext: interactive(refreshBuildContext),
  refreshImages: interactive(refreshImages),
  refreshRegistryRow: interactive(refreshRegistryRow),
  refreshViews: interactive(refreshViews),
  registerConnector: callable(registerConnector, isConnectorRegistration),
  registerContainerRegistry: callable(registerContainerRegistry, isRegistration),
  registerFlavorFromSource: callable(registerFlavorFromSource, isFlavorSource),
  registerImageBuilder: callable(registerImageBuilder, isRegistration),
  removeComponentAttribute: callable(removeComponentAttribute, isComponentRequest),
  removeFlavor: interactive(removeFlavor),
  removeLocalImage: interactive(removeLocalImage),
  renameComponent: callable(renameComponent, isComponentRequest),
  revealInExplorer: interactive(revealInExplorer),
  runImage: interactive(runImage),
  sendFeedback: interactive(sendFeedback),
  setActiveComponent: callable(setActiveComponent, isComponentRequest),
  setRegistryPassword: interactive(setRegistryPassword),
  showBuildContext: interactive(showBuildContext),
  showBuildReport: interactive(showBuildReport),
  showExcludedFiles: interactive(showExcludedFiles),
  showInBuildContext: interactive(showInBuildContext),
  showLog: interactive(showLog),
  showMoreRows: interactive(showMoreRows),
  showTreemap: interactive(showTreemap),
  switchIgnoreFile: interactive(switchIgnoreFile),
  tagLocalImage: interactive(tagLocalImage),
  updateComponent: callable(updateComponent, isComponentRequest),
  updateConnector: callable(updateConnector, isConnectorReference),
  useDockerContext: interactive(useDockerContext),
  verifyConnector: callable(verifyConnector, isConnectorReference),
};
