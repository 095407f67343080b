import * as vscode from "vscode";
import { isBuildId } from "../../../core/history/buildId";
import { createWebviewPanel } from "../../ui/webviewPanel";
import type { Build } from "../history/build";
import { ReportPanel, type ReportServices } from "./reportPanel";

const viewType = "imageBuilders.report";

/** Open reports, one for each build. */
export class BuildReports implements vscode.Disposable {
  readonly #panels = new Map<string, ReportPanel>();
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
    if (open) open.panel.reveal();
    else this.#open(createWebviewPanel(viewType, vscode.ViewColumn.Active), id);
  }

  dispose(): void {
    this.#restoring.dispose();
    for (const { panel } of [...this.#panels.values()]) panel.dispose();
  }

  #open(panel: vscode.WebviewPanel, id: string): void {
    const folder = vscode.Uri.joinPath(this.extension, "dist");
    const report = new ReportPanel(panel, id, { ...this.services, folder });
    this.#panels.set(id, report);
    panel.iconPath = {
      light: vscode.Uri.joinPath(this.extension, "media/report-light.svg"),
      dark: vscode.Uri.joinPath(this.extension, "media/report-dark.svg"),
    };
    panel.onDidDispose(() => {
      this.#panels.delete(id);
      report.dispose();
    });
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
