import * as vscode from "vscode";
import { messageOf } from "../../../core/base/errors";
import type { Action, FromPage, ToPage } from "../../../webview/messages";
import { nameOf, recordOf } from "../../platform/contextPlace";
import type { LiveOverview } from "../model/liveOverview";
import { setPanelTitle } from "../../ui/webviewPanel";
import { pictureOf } from "./picture";
import { treemapPage } from "./treemapPage";

/** Treemap panel with its overview, which it disposes. */
export class TreemapPanel implements vscode.Disposable {
  readonly #subscriptions: vscode.Disposable[];
  #isReady = false;

  /** @param act runs an action on a path */
  constructor(
    readonly panel: vscode.WebviewPanel,
    readonly live: LiveOverview,
    private path: string,
    folder: vscode.Uri,
    private readonly act: (action: Action, path: string) => unknown,
  ) {
    setPanelTitle(panel, vscode.l10n.t("Treemap: {0}", nameOf(live.place)));
    panel.webview.options = { enableScripts: true, localResourceRoots: [folder] };
    this.#subscriptions = [
      live,
      live.onDidChange(() => void this.#draw()),
      panel.webview.onDidReceiveMessage((message: FromPage) => void this.#receive(message)),
      panel.onDidChangeViewState(() => live.setWatched(panel.visible)),
    ];
    panel.webview.html = treemapPage(panel.webview, folder, recordOf(live.place), path);
  }

  /** Shows another folder of the build context. */
  async zoom(path: string): Promise<void> {
    this.path = path;
    await this.#draw();
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }

  /** A page that was hidden is loaded again and reports the path that it shows. */
  async #receive(message: FromPage): Promise<void> {
    if (message.type === "act") {
      await this.act(message.action, message.path);
      return;
    }
    this.#isReady = true;
    this.path = message.path;
    if (this.live.overview) await this.#draw();
    else await this.live.update();
  }

  async #draw(): Promise<void> {
    if (this.#isReady) await this.panel.webview.postMessage(await this.#message());
  }

  async #message(): Promise<ToPage> {
    const { overview, problem, place } = this.live;
    if (!overview)
      return { type: "problem", message: vscode.l10n.t("Can't read the build context: {0}", problem ?? "") };
    try {
      return await pictureOf(overview, this.path, nameOf(place));
    } catch (error) {
      return { type: "problem", message: messageOf(error) };
    }
  }
}
