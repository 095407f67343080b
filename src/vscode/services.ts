import type * as vscode from "vscode";
import type { BuildDiagnostics } from "./builds/buildDiagnostics";
import type { BuildOutput } from "./builds/buildOutput";
import type { BuildLogs } from "./builds/buildLogs";
import type { BuildReports } from "./builds/report/buildReports";
import type { Builds } from "./builds/builds";
import type { CommandTrail } from "./platform/commandTrail";
import type { UploadGuard } from "./context/guard/uploadGuard";
import type { IgnoreModels } from "./context/model/ignoreModels";
import type { ImageChecks } from "./images/specs/imageChecks";
import type { ImageSpecs } from "./images/specs/imageSpecs";
import type { SpecPreviews } from "./images/specs/specPreviews";
import type { LocalImages } from "./components/localImages/localImages";
import type { TrustedSources } from "./consent/trustedSources";
import type { CoreAccess } from "./access/coreAccess";
import type { Memory } from "./platform/memory";
import type { Secrets } from "./platform/secrets";
import type { Treemaps } from "./context/treemap/treemaps";
import type { LogChannel } from "./ui/output";
import type { ContextView } from "./context/view/contextView";
import type { RegistriesView } from "./registries/view/registriesView";

/** Services for commands and views. */
export interface Services {
  /** Folder of the extension. */
  readonly extensionUri: vscode.Uri;
  readonly log: LogChannel;
  readonly output: BuildOutput;
  readonly diagnostics: BuildDiagnostics;
  readonly builds: Builds;
  readonly logs: BuildLogs;
  readonly reports: BuildReports;
  readonly core: CoreAccess;
  readonly guard: UploadGuard;
  readonly ignoreModels: IgnoreModels;
  readonly images: ImageSpecs;
  readonly imageChecks: ImageChecks;
  readonly localImages: LocalImages;
  readonly specPreviews: SpecPreviews;
  readonly contextView: ContextView;
  readonly treemaps: Treemaps;
  readonly registriesView: RegistriesView;
  readonly memory: Memory;
  readonly secrets: Secrets;
  readonly trusted: TrustedSources;
  /** Records the running commands. */
  readonly trail: CommandTrail;
  /** Fires when the views should load their contents again. */
  readonly refresh: vscode.EventEmitter<void>;
}
