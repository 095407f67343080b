import * as vscode from "vscode";
import type { ComponentType } from "../../core/base/component";
import type { FlavorMaker, GivenFlavor } from "../../core/flavors/givenFlavor";
import type { WithCore } from "../access/coreAccess";
import type { WithOutput } from "../builds/buildOutput";
import type { WithLogs } from "../builds/buildLogs";
import type { WithBuilds } from "../builds/builds";
import type { WithLog, WithRefresh } from "../platform/host";
import type { WithTrusted } from "../consent/trustedSources";

/** Registers a flavor from another extension and refreshes the views. An error is shown to the person. */
export function registerFlavor(
  services: WithBuilds & WithCore & WithLog & WithLogs & WithOutput & WithRefresh & WithTrusted,
  type: ComponentType,
  given: GivenFlavor | FlavorMaker,
): vscode.Disposable {
  return services.core.customFlavors.register(
    type,
    given,
    () => services.refresh.fire(),
    (error) => void import("../builds/showFailure").then(({ showFailure }) => showFailure(services, error)),
  );
}

/**
 * Retries flavors that could not be loaded after a refresh, when the workspace becomes trusted, and when extensions
 * change.
 */
export function retryFlavors({ core, refresh }: WithCore & WithRefresh): vscode.Disposable {
  return vscode.Disposable.from(
    refresh.event(() => core.customFlavors.forget()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => refresh.fire()),
    vscode.extensions.onDidChange(() => refresh.fire()),
  );
}
