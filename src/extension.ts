import { join } from "node:path";
import * as vscode from "vscode";
import type { ImageBuildersApi } from "./api/api";
import { BuildDiagnostics } from "./vscode/builds/buildDiagnostics";
import { BuildOutput } from "./vscode/builds/buildOutput";
import { BuildHistory } from "./vscode/builds/history/buildHistory";
import { BuildLogs } from "./vscode/builds/buildLogs";
import { Builds } from "./vscode/builds/builds";
import { BuildReports } from "./vscode/builds/report/buildReports";
import { CommandTrail } from "./vscode/platform/commandTrail";
import { registerCommands } from "./vscode/commands";
import { IgnoreModels } from "./vscode/context/model/ignoreModels";
import { isOfWorkspace } from "./vscode/consent/isOfWorkspace";
import { TrustedSources } from "./vscode/consent/trustedSources";
import { registerDescriptions } from "./vscode/components/descriptions";
import { CoreAccess } from "./vscode/access/coreAccess";
import { watchEscapedErrors } from "./vscode/platform/escapedErrors";
import { ContextFolders } from "./vscode/context/view/contextFolders";
import { ExcludedDecorations } from "./vscode/context/view/excludedDecorations";
import { ImageChecks } from "./vscode/images/specs/imageChecks";
import { ImageSpecs } from "./vscode/images/specs/imageSpecs";
import { registerImages } from "./vscode/images/registerImages";
import { SpecPreviews } from "./vscode/images/specs/specPreviews";
import { registerCodeActions } from "./vscode/context/ignoreFiles/registerCodeActions";
import { FindingDiagnostics } from "./vscode/context/ignoreFiles/diagnostics";
import { registerFindingHover } from "./vscode/context/ignoreFiles/findingHover";
import { registerIgnoreLanguage } from "./vscode/context/ignoreFiles/registerIgnoreLanguage";
import { registerImageSpecLanguage } from "./vscode/images/registerImageSpecLanguage";
import { SettingsDiagnostics } from "./vscode/components/settingsDiagnostics";
import { UploadGuard } from "./vscode/context/guard/uploadGuard";
import { retryFlavors, registerFlavor } from "./vscode/flavors/registerFlavor";
import { messageOf } from "./core/base/errors";
import { Memory } from "./vscode/platform/memory";
import { Secrets } from "./vscode/platform/secrets";
import type { Services } from "./vscode/services";
import { onDidChangeSettings } from "./vscode/platform/settings";
import { LocalImages } from "./vscode/components/localImages/localImages";
import { Treemaps } from "./vscode/context/treemap/treemaps";
import { createLogChannel, type LogChannel } from "./vscode/ui/output";
import { createBuildersView } from "./vscode/components/buildersView";
import { DockerfileChecks } from "./vscode/builds/dockerfileChecks";
import { registerDockerfileCodeLens } from "./vscode/builds/dockerfileCodeLens";
import { createBuildStatus } from "./vscode/builds/buildStatus";
import { StepDurations } from "./vscode/builds/stepDurations";
import { createBuildsView } from "./vscode/builds/buildsView";
import { createConnectorsView } from "./vscode/connectors/view/connectorsView";
import { ContextView } from "./vscode/context/view/contextView";
import { RegistriesView } from "./vscode/registries/view/registriesView";
import { createSecretsView } from "./vscode/secrets/secretsView";
import { registerTools } from "./vscode/languageModel/registerTools";
import { registerTasks } from "./vscode/tasks/registerTasks";

/** Registers commands and views; the core loads on first use. */
export function activate(context: vscode.ExtensionContext): ImageBuildersApi {
  const log = createLogChannel("Image Builders");
  const trail = new CommandTrail();
  const secrets = new Secrets(context.secrets);
  const memory = new Memory(context.workspaceState);
  const ignoreModels = new IgnoreModels(memory, log);
  const refresh = new vscode.EventEmitter<void>();
  const trusted = new TrustedSources({
    secrets,
    state: context.workspaceState,
    ask: async (request) => (await import("./vscode/consent/askConsent")).askConsent(request),
    isOfWorkspace,
    changed: () => refresh.fire(),
  });
  const core = new CoreAccess(secrets, memory, log, trusted, context.globalStorageUri.fsPath);
  const history = new BuildHistory(join((context.storageUri ?? context.globalStorageUri).fsPath, "builds"), log);
  const builds = new Builds(history);
  const logs = new BuildLogs(builds, history);
  const { extensionUri } = context;
  const images = new ImageSpecs();
  const services: Services = {
    extensionUri,
    log,
    secrets,
    trusted,
    trail,
    output: new BuildOutput(),
    diagnostics: new BuildDiagnostics(),
    builds,
    logs,
    reports: new BuildReports(extensionUri, { builds, history, logs, log, ignoreModels }),
    core,
    guard: new UploadGuard(context.workspaceState),
    ignoreModels,
    images,
    imageChecks: new ImageChecks(),
    localImages: new LocalImages(core, refresh.event),
    specPreviews: new SpecPreviews({ core, memory, refresh, secrets, log }, images),
    contextView: new ContextView(ignoreModels, memory, log),
    treemaps: new Treemaps(extensionUri, ignoreModels, log),
    registriesView: new RegistriesView(
      { core, builds, memory, refresh, secrets, extensionUri, log },
      context.globalState,
    ),
    memory,
    refresh,
  };
  const findings = new FindingDiagnostics(services);
  context.subscriptions.push(
    watchEscapedErrors({
      folder: join(context.extensionPath, "dist"),
      tell: (error) => tellEscaped(log, trail, error),
    }),
    // Reset the daemon's address before the views request it again.
    onDidChangeSettings(() => services.core.reset()),
    retryFlavors(services),
    registerCommands(services, context.extension),
    registerDescriptions(services),
    createBuildersView(services),
    services.localImages,
    // Not while it runs, when it changes with each step.
    builds.onDidChange((build) => build && build.state.kind !== "running" && services.localImages.refresh()),
    services.registriesView,
    createBuildsView(services),
    registerDockerfileCodeLens(),
    new DockerfileChecks(services, refresh.event),
    new StepDurations(services),
    createBuildStatus(services.builds, memory, refresh.event),
    registerImages(services),
    createConnectorsView(services),
    createSecretsView(services),
    findings,
    registerCodeActions(findings),
    registerFindingHover(findings),
    registerIgnoreLanguage(services),
    registerImageSpecLanguage(services),
    registerTasks(services),
    registerTools(services),
    new SettingsDiagnostics(services),
    new ExcludedDecorations(services),
    new ContextFolders((error) => log.warn(messageOf(error))),
    services.builds,
    services.logs,
    services.reports,
    services.diagnostics,
    services.contextView,
    services.treemaps,
    services.ignoreModels,
    services.images,
    services.imageChecks,
    services.specPreviews,
    services.output,
    services.refresh,
    log,
  );
  return {
    version: 1,
    registerImageBuilderFlavor: (flavor) => registerFlavor(services, "image_builder", flavor),
    registerContainerRegistryFlavor: (flavor) => registerFlavor(services, "container_registry", flavor),
    image: async () => (await import("./core/image/image")).Image,
  };
}

/** A person sees nothing of it; who looks for a fault finds it with the command that ran. */
function tellEscaped(log: LogChannel, trail: CommandTrail, error: unknown): void {
  const commands = trail.names.map((name) => `imageBuilders.${name}`).join(", ") || vscode.l10n.t("none");
  log.error(vscode.l10n.t("Unexpected error (commands: {0}). Report it as an issue.", commands));
  log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
}
