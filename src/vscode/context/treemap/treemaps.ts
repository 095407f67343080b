import * as vscode from "vscode";
import type { Log } from "../../../core/base/log";
import type { Action } from "../../../webview/messages";
import { keyOf, placeOf, type ContextPlace } from "../../platform/contextPlace";
import type { IgnoreModels } from "../model/ignoreModels";
import { createWebviewPanel } from "../../ui/webviewPanel";
import type { ContextTarget } from "../model/target";
import type { TreemapPanel } from "./treemapPanel";

const viewType = "imageBuilders.treemap";

const commandOf: Readonly<Record<Action, string>> = {
  exclude: "imageBuilders.excludeFromBuildContext",
  open: "imageBuilders.openContextFile",
  reveal: "imageBuilders.revealInExplorer",
  rows: "imageBuilders.showInBuildContext",
};

/** Argument of a command that is called on a rectangle of a treemap. */
interface Rectangle {
  readonly webview: typeof viewType;
  readonly place: string;
  readonly path: string;
}

interface OpenPanel {
  readonly panel: vscode.WebviewPanel;
  /** Defined once its code has loaded. */
  treemap?: TreemapPanel;
}

/** Open treemaps, one for each build context. */
export class Treemaps implements vscode.Disposable {
  readonly #panels = new Map<string, OpenPanel>();
  readonly #restoring: vscode.Disposable;

  constructor(
    private readonly folder: vscode.Uri,
    private readonly models: IgnoreModels,
    private readonly log: Log,
  ) {
    this.#restoring = vscode.window.registerWebviewPanelSerializer(viewType, {
      deserializeWebviewPanel: (panel, state) => Promise.resolve(this.#restore(panel, state)),
    });
  }

  /** Shows the treemap of a build context, or of a folder in it. */
  async show(place: ContextPlace, path = ""): Promise<void> {
    const open = this.#panels.get(keyOf(place));
    if (!open) return this.#open(createWebviewPanel(viewType, vscode.ViewColumn.Active), place, path);
    open.panel.reveal();
    await open.treemap?.zoom(path);
  }

  /** Returns the paths for a command's argument, if it is a rectangle of an open treemap. */
  targetOf(target: unknown): ContextTarget | undefined {
    const found = isRectangle(target) ? this.#panels.get(target.place) : undefined;
    return found?.treemap && isRectangle(target) ? { live: found.treemap.live, paths: [target.path] } : undefined;
  }

  dispose(): void {
    this.#restoring.dispose();
    for (const { panel } of [...this.#panels.values()]) panel.dispose();
  }

  #open(panel: vscode.WebviewPanel, place: ContextPlace, path: string): void {
    const key = keyOf(place);
    const open: OpenPanel = { panel };
    this.#panels.set(key, open);
    panel.iconPath = {
      light: vscode.Uri.joinPath(this.folder, "media/treemap-light.svg"),
      dark: vscode.Uri.joinPath(this.folder, "media/treemap-dark.svg"),
    };
    panel.onDidDispose(() => this.#panels.delete(key));
    void this.#fill(open, place, path);
  }

  async #fill(open: OpenPanel, place: ContextPlace, path: string): Promise<void> {
    const [{ TreemapPanel }, { LiveOverview }] = await Promise.all([
      import("./treemapPanel"),
      import("../model/liveOverview"),
    ]);
    const key = keyOf(place);
    const { panel } = open;
    if (this.#panels.get(key) !== open) return;
    const act = (action: Action, of: string): unknown =>
      vscode.commands.executeCommand(commandOf[action], {
        webview: viewType,
        place: key,
        path: of,
      } satisfies Rectangle);
    const treemap = new TreemapPanel(
      panel,
      new LiveOverview(place, this.models, this.log),
      path,
      vscode.Uri.joinPath(this.folder, "dist"),
      act,
    );
    open.treemap = treemap;
    panel.onDidDispose(() => treemap.dispose());
  }

  /**
   * Restores a panel after a reload. Panels with an invalid state and second panels of the same build context are
   * closed.
   */
  #restore(panel: vscode.WebviewPanel, state: unknown): void {
    const place = placeOf(state);
    if (!place || this.#panels.has(keyOf(place))) return panel.dispose();
    this.#open(panel, place, typeof state === "object" && state !== null && "path" in state ? String(state.path) : "");
  }
}

function isRectangle(target: unknown): target is Rectangle {
  return (
    typeof target === "object" &&
    target !== null &&
    "webview" in target &&
    target.webview === viewType &&
    "place" in target &&
    "path" in target
  );
}

/** Gives access to the extension's `Treemaps`. */
export interface WithTreemaps {
  readonly treemaps: Treemaps;
}
