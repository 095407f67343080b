import type * as vscode from "vscode";
import type { BuildDiagnostics } from "./builds/buildDiagnostics";
import type { BuildOutput } from "./builds/buildOutput";
import type { Builds } from "./builds/builds";
import type { CommandTrail } from "./commandTrail";
import type { UploadGuard } from "./guards/uploadGuard";
import type { IgnoreModels } from "./context/ignoreModels";
import type { ImageSpecs } from "./images/imageSpecs";
import type { SpecPreviews } from "./images/specPreviews";
import type { TrustedSources } from "./consent/trustedSources";
import type { CoreAccess } from "./coreAccess";
import type { Memory } from "./memory";
import type { Secrets } from "./secrets/secrets";
import type { Treemaps } from "./treemap/treemaps";
import type { LogChannel } from "./ui/output";
import type { ContextView } from "./views/context/contextView";
import type { RegistriesView } from "./views/registries/registriesView";

/** What commands and views are given. */
export interface Services {
  /** The folder of the extension. */
  readonly extensionUri: vscode.Uri;
  readonly log: LogChannel;
  readonly output: BuildOutput;
  readonly diagnostics: BuildDiagnostics;
  readonly builds: Builds;
  readonly core: CoreAccess;
  readonly guard: UploadGuard;
  readonly ignoreModels: IgnoreModels;
  readonly images: ImageSpecs;
  readonly specPreviews: SpecPreviews;
  readonly contextView: ContextView;
  readonly treemaps: Treemaps;
  readonly registriesView: RegistriesView;
  readonly memory: Memory;
  readonly secrets: Secrets;
  readonly trusted: TrustedSources;
  /** Which commands run. */
  readonly trail: CommandTrail;
  /** Fired when the trees should ask anew what they show. */
  readonly refresh: vscode.EventEmitter<void>;
}
