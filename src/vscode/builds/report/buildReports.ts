import * as vscode from "vscode";
import { isBuildId } from "../../../core/history/buildId";
import { createWebviewPanel } from "../../ui/webviewPanel";
import type { Build } from "../history/build";
import type { ReportServices } from "./reportPanel";

const viewType = "imageBuilders.report";

/** Open reports, one for each build. */
export class BuildReports implements vscode.Disposable {
  readonly #panels = new Map<string, vscode.WebviewPanel>();
  readonly #restoring: vscode.Disposable;

  constructor(
    private readonly extension: vscode.Uri,
    private readonly services: Omit<ReportServices, "folder">,
  ) {
    this.#restoring = vscode.window.registerWebviewPanelSerializer(viewType, {
      deserializeWebviewPanel: (panel, state) => Promise.resolve(this.#restore(panel, state)),
    });
  }

  /** Shows the report of a build. */
  show({ id }: Build): void {
    const open = this.#panels.get(id);
    if (open) open.reveal();
    else this.#open(createWebviewPanel(viewType, vscode.ViewColumn.Active), id);
  }

  dispose(): void {
    this.#restoring.dispose();
    for (const panel of [...this.#panels.values()]) panel.dispose();
  }

  #open(panel: vscode.WebviewPanel, id: string): void {
    this.#panels.set(id, panel);
    panel.iconPath = {
      light: vscode.Uri.joinPath(this.extension, "media/report-light.svg"),
      dark: vscode.Uri.joinPath(this.extension, "media/report-dark.svg"),
    };
    panel.onDidDispose(() => this.#panels.delete(id));
    void this.#fill(panel, id);
  }

  async #fill(panel: vscode.WebviewPanel, id: string): Promise<void> {
    const { ReportPanel } = await import("./reportPanel");
    if (this.#panels.get(id) !== panel) return;
    const folder = vscode.Uri.joinPath(this.extension, "dist");
    const report = new ReportPanel(panel, id, { ...this.services, folder });
    panel.onDidDispose(() => report.dispose());
  }

  /** Restores a panel after a reload. Panels with an invalid state and second panels of the same build are closed. */
  #restore(panel: vscode.WebviewPanel, state: unknown): void {
    const id = typeof state === "object" && state !== null && "build" in state ? state.build : undefined;
    if (typeof id !== "string" || !isBuildId(id) || this.#panels.has(id)) return panel.dispose();
    this.#open(panel, id);
  }
}

/** Gives access to the extension's `BuildReports`. */
export interface WithReports {
  readonly reports: BuildReports;
}
