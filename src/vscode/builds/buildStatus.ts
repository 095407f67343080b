import * as vscode from "vscode";
import { shorten } from "../../core/text/shorten";
import { activeComponent } from "../settings/activeComponent";
import { componentSettings } from "../settings/componentSettings";
import type { Memory } from "../platform/memory";
import { onDidChangeSettings, statusBarSetting } from "../platform/settings";
import { createStatusBarItem } from "../ui/statusBar";
import type { BuildNode } from "./buildNode";
import type { Builds } from "./builds";

/** In characters: the status bar has room for little. */
const longestStep = 50;
/** Left of the number of problems, whose priority is 50. */
const priority = 53;

/**
 * Creates the items of the status bar: while a build runs, its step, which opens its log, and a button to cancel it;
 * otherwise, if the settings say so, the default builder and registry.
 */
export function createBuildStatus(builds: Builds, memory: Memory, refresh: vscode.Event<void>): vscode.Disposable {
  const step = createStatusBarItem("imageBuilders.build", vscode.l10n.t("Image Builders: Running Build"), priority);
  const cancel = createStatusBarItem(
    "imageBuilders.cancelBuild",
    vscode.l10n.t("Image Builders: Cancel Build"),
    priority - 1,
  );
  const defaults = createStatusBarItem(
    "imageBuilders.defaults",
    vscode.l10n.t("Image Builders: Default Builder and Registry"),
    priority - 2,
  );
  const update = (): void => {
    const setting = statusBarSetting();
    showRunning(step, cancel, setting === "never" ? [] : builds.running);
    defaults.set(setting === "always" && builds.running.length === 0 ? defaultsOf(memory) : undefined);
  };
  update();
  return vscode.Disposable.from(
    step,
    cancel,
    defaults,
    builds.onDidChange(update),
    refresh(update),
    onDidChangeSettings(update),
    vscode.workspace.onDidChangeWorkspaceFolders(update),
  );
}

type Item = ReturnType<typeof createStatusBarItem>;

function showRunning(step: Item, cancel: Item, running: Builds["running"]): void {
  const [newest] = running;
  if (!newest) {
    step.set(undefined);
    cancel.set(undefined);
    return;
  }
  const image = newest.imageName.replace(/^.*\//, "");
  const now = newest.state.kind === "running" ? shorten(newest.state.step, longestStep) : "";
  const others = running.length - 1;
  const target: BuildNode = { kind: "build", build: newest };
  step.set({
    icon: "loading~spin",
    text: [image, now, others > 0 ? vscode.l10n.t("{0} more", others) : ""].filter((part) => part !== "").join(" · "),
    tooltip: vscode.l10n.t("Building {0}. Select to show its log.", newest.imageName),
    label: vscode.l10n.t("Building {0}, {1}. Show its log.", image, now || vscode.l10n.t("starting")),
    command: { command: "imageBuilders.showLog", title: vscode.l10n.t("Show Log"), arguments: [target] },
  });
  cancel.set({
    icon: "stop-circle",
    text: "",
    tooltip: others > 0 ? vscode.l10n.t("Cancel a build...") : vscode.l10n.t("Cancel the build of {0}", image),
    label: vscode.l10n.t("Cancel Build"),
    command: { command: "imageBuilders.cancelBuild", title: vscode.l10n.t("Cancel Build") },
  });
}

/** Returns undefined if there is nothing to show. */
function defaultsOf(memory: Memory): Parameters<Item["set"]>[0] {
  const name = (type: "image_builder" | "container_registry"): string | undefined => {
    const { components } = componentSettings(type);
    return (activeComponent(memory, type) ?? (components.length === 1 ? components[0] : undefined))?.name;
  };
  const [builder, registry] = [name("image_builder"), name("container_registry")];
  const names = [builder, registry].filter((each) => each !== undefined);
  if (names.length === 0) return undefined;
  return {
    icon: "package",
    text: names.join(" → "),
    tooltip: vscode.l10n.t(
      "Default builder: {0}. Default registry: {1}. Select to change them.",
      builder ?? vscode.l10n.t("none"),
      registry ?? vscode.l10n.t("none"),
    ),
    command: {
      command: "imageBuilders.setActiveComponent",
      title: vscode.l10n.t("Default Builder and Registry"),
    },
  };
}
