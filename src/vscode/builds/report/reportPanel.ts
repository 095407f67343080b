import * as vscode from "vscode";
import { messageOf } from "../../../core/base/errors";
import type { Log } from "../../../core/base/log";
import type { BuildInputs } from "../../../core/report/inputsRecord";
import type { BuildReport } from "../../../core/report/reportRecord";
import type { FromReport, ReportAction, ToReport } from "../../../webview/report/messages";
import type { IgnoreModels } from "../../context/model/ignoreModels";
import { throttle } from "../../ui/throttle";
import { setPanelTitle } from "../../ui/webviewPanel";
import { openLocation } from "../buildDiagnostics";
import type { BuildLogs } from "../buildLogs";
import type { Builds } from "../builds";
import type { Build } from "../history/build";
import type { BuildHistory, ComparedWith } from "../history/buildHistory";
import { earlierBuilds } from "../history/earlierBuilds";
import { actOnFile, type ContextFile } from "./changedFile";
import { reportPage } from "./reportPage";
import { reportPicture, type EarlierReport } from "./reportPicture";

/** Time in milliseconds between two drawings of a running build. */
const drawMs = 500;
/** Maximum number of earlier builds in which layers for comparing are looked for. */
const mostEarlier = 5;

const actions: ReadonlySet<string> = new Set<ReportAction>([
  "openStep",
  "openLog",
  "openWarning",
  "openFile",
  "excludeFile",
]);

/** Services of a panel. */
export interface ReportServices {
  readonly builds: Builds;
  readonly history: BuildHistory;
  readonly logs: BuildLogs;
  readonly log: Log;
  readonly ignoreModels: IgnoreModels;
  /** Folder of the page's script and style. */
  readonly folder: vscode.Uri;
}

/** Panel with the report of a build, which follows the build while it runs. */
export class ReportPanel implements vscode.Disposable {
  readonly #subscriptions: vscode.Disposable[];
  readonly #redraw = throttle(drawMs, () => this.#draw());
  #drawing: Promise<void> = Promise.resolve();
  #isReady = false;
  #isDisposed = false;
  #timer: NodeJS.Timeout | undefined;
  #report: BuildReport | undefined;
  #earlier: Promise<EarlierReport | undefined> | undefined;
  #compared: Promise<ComparedWith | undefined> | undefined;
  /** Inputs of the build, read again while it runs. */
  #inputs: Promise<BuildInputs | undefined> | undefined;
  /** Changed files that the page shows, by their index there. */
  #files: readonly ContextFile[] = [];

  constructor(
    readonly panel: vscode.WebviewPanel,
    private readonly buildId: string,
    private readonly services: ReportServices,
  ) {
    const { builds, folder } = services;
    panel.webview.options = { enableScripts: true, localResourceRoots: [folder] };
    this.#subscriptions = [
      panel.webview.onDidReceiveMessage((message: unknown) => void this.#receive(message)),
      panel.onDidChangeViewState(() => this.#redraw(undefined)),
      builds.onDidChange((build) => {
        if (!build || build.id === buildId) this.#redraw(undefined);
      }),
    ];
    panel.webview.html = reportPage(panel.webview, folder, buildId);
  }

  dispose(): void {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }

  async #receive(message: unknown): Promise<void> {
    if (!isFromReport(message)) return;
    if (message.type === "act") return this.#act(message.action, message.index);
    this.#isReady = true;
    this.#draw();
  }

  async #act(action: ReportAction, index: number): Promise<void> {
    const step = this.#report?.steps[index];
    try {
      if (action === "openLog") {
        const build = await this.#build();
        if (build && step?.number !== undefined) await this.services.logs.showStep(build, step.number);
        return;
      }
      if (action === "openFile" || action === "excludeFile") {
        const [build, file] = [await this.#build(), this.#files[index]];
        if (build && file) await actOnFile(action, build, file, this.services);
        return;
      }
      const place = action === "openWarning" ? this.#report?.warnings[index]?.place : step?.place;
      if (place) await openLocation(place, vscode.ViewColumn.Beside);
    } catch (error) {
      this.services.log.warn(messageOf(error));
    }
  }

  async #build(): Promise<Build | undefined> {
    return (await this.services.builds.load()).find(({ id }) => id === this.buildId);
  }

  /** Draws in the order of the calls, so that the page shows the latest state. */
  #draw(): void {
    this.#drawing = this.#drawing
      .then(() => this.#drawNow())
      .catch((error: unknown) => this.services.log.warn(messageOf(error)));
  }

  /** A hidden page is drawn when it is shown again. */
  async #drawNow(): Promise<void> {
    if (!this.#isReady || this.#isDisposed || !this.panel.visible) return;
    const build = await this.#build();
    const message = await this.#message(build);
    if (this.#isDisposed) return;
    await this.panel.webview.postMessage(message);
    clearTimeout(this.#timer);
    // A step that runs grows although the builder reports nothing, and the first step may still be awaited.
    if (build?.state.kind === "running") this.#timer = setTimeout(() => this.#redraw(undefined), drawMs);
  }

  async #message(build: Build | undefined): Promise<ToReport> {
    try {
      if (!build) return problem(vscode.l10n.t("This build is no longer in the history."));
      setPanelTitle(this.panel, vscode.l10n.t("Report: {0}", build.imageName.replace(/^.*\//, "")));
      this.#report = await this.services.history.reportOf(build);
      if (!this.#report) {
        return problem(
          build.state.kind === "running"
            ? vscode.l10n.t("This build has no report yet.")
            : vscode.l10n.t("No report of this build was kept. Build again to get one."),
        );
      }
      this.#earlier ??= this.#findEarlier(build);
      this.#compared ??= this.services.history.comparedWith(build);
      const compared = await this.#compared;
      if (this.#report.isRunning || !this.#inputs) this.#inputs = this.services.history.inputsOf(build);
      const inputs = await this.#inputs;
      const { picture, files } = await reportPicture(
        build,
        { report: this.#report, inputs },
        {
          earlier: await this.#earlier,
          compared,
        },
      );
      this.#files = files;
      return picture;
    } catch (error) {
      return problem(messageOf(error));
    }
  }

  /** Returns the newest earlier build of the same Dockerfile and target whose layers are known. */
  async #findEarlier(build: Build): Promise<EarlierReport | undefined> {
    const earlier = earlierBuilds(build, await this.services.builds.load()).filter(
      ({ state }) => state.kind === "done",
    );
    for (const each of earlier.slice(0, mostEarlier)) {
      const report = await this.services.history.reportOf(each);
      if (report?.layers) return { build: each, report };
    }
    return undefined;
  }
}

function problem(message: string): ToReport {
  return { type: "problem", message };
}

/** Checks a message of the page, which shows foreign texts. */
function isFromReport(message: unknown): message is FromReport {
  if (typeof message !== "object" || message === null || !("type" in message)) return false;
  if (message.type === "ready") return true;
  return (
    message.type === "act" &&
    "action" in message &&
    typeof message.action === "string" &&
    actions.has(message.action) &&
    "index" in message &&
    Number.isSafeInteger(message.index)
  );
}
