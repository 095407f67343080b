import * as vscode from "vscode";
import { ImageBuilderError, messageOf } from "../../core/base/errors";
import { dockerfileGlobs } from "../../core/dockerfile/dockerfileName";
import { findDockerfiles } from "../context/model/findDockerfiles";
import type { WithCore } from "../access/coreAccess";
import { setContext } from "../platform/contextKeys";
import type { WithLog, WithRefresh } from "../platform/host";
import type { WithMemory } from "../platform/memory";
import { onDidChangeSettings } from "../platform/settings";
import { activeComponent } from "../settings/activeComponent";
import { componentSettings } from "../settings/componentSettings";
import { throttle } from "../ui/throttle";
import type { TreeView } from "../ui/treeView";

/** Services that `followFirstSteps` requires. */
export type FirstStepsServices = WithCore & WithLog & WithMemory & WithRefresh;

const updateIntervalMs = 1_000;

/**
 * Tells the texts of the empty Builds view what a first build still needs: a Dockerfile, and a daemon that answers.
 * Searches and asks only while the view is visible.
 */
export function followFirstSteps(
  services: FirstStepsServices,
  view: Pick<TreeView<unknown>, "visible" | "onDidChangeVisibility">,
): vscode.Disposable {
  const whileVisible = (update: () => Promise<void>) =>
    throttle<unknown>(updateIntervalMs, () => {
      if (view.visible) update().catch((error: unknown) => services.log.warn(messageOf(error)));
    });
  const files = whileVisible(updateDockerfiles);
  const daemon = whileVisible(async () => setContext("daemonProblem", await daemonProblem(services)));
  const watcher = vscode.workspace.createFileSystemWatcher(`**/{${dockerfileGlobs}}`, false, true, false);
  const both = (): void => {
    files(undefined);
    daemon(undefined);
  };
  both();
  return vscode.Disposable.from(
    watcher,
    watcher.onDidCreate(files),
    watcher.onDidDelete(files),
    vscode.workspace.onDidChangeWorkspaceFolders(files),
    vscode.workspace.onDidGrantWorkspaceTrust(both),
    view.onDidChangeVisibility(both),
    services.refresh.event(both),
    onDidChangeSettings(daemon),
  );
}

async function updateDockerfiles(): Promise<void> {
  for (const { uri } of vscode.workspace.workspaceFolders ?? [])
    if (uri.scheme === "file" && (await findDockerfiles(uri.fsPath)).length > 0)
      return setContext("dockerfiles", "found");
  await setContext("dockerfiles", "none");
}

/**
 * Asks the daemon of the default builder whether it answers.
 *
 * @returns the code of its error; empty if it answers, if the builder can do without it, or if it may not be asked
 */
async function daemonProblem({ core, memory }: FirstStepsServices): Promise<string> {
  const [first] = componentSettings("image_builder").components;
  const builder = activeComponent(memory, "image_builder") ?? first;
  if (builder?.flavor !== "local") return "";
  try {
    await (await core.get("quiet")).services.engine.probe();
    return "";
  } catch (error) {
    if (!ImageBuilderError.is(error)) throw error;
    return /^daemon/.test(error.code) ? error.code : "";
  }
}
