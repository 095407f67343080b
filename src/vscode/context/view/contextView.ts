import * as vscode from "vscode";
import { messageOf } from "../../../core/base/errors";
import type { Log } from "../../../core/base/log";
import { setContext } from "../../platform/contextKeys";
import { nameOf, placeOf, recordOf, type ContextPlace } from "../../platform/contextPlace";
import type { IgnoreModels } from "../model/ignoreModels";
import { LiveOverview } from "../model/liveOverview";
import type { Memory } from "../../platform/memory";
import { createTreeView, setViewDescription, setViewMessage, type TreeView } from "../../ui/treeView";
import { colorRows } from "./contextColors";
import type { ContextNode } from "./contextNode";
import { ContextTree } from "./contextTree";
import { amountInWords } from "../model/contextWords";

const viewId = "imageBuilders.context";

/** View of what a build of the selected folder would send. */
export class ContextView implements vscode.Disposable {
  readonly #tree = new ContextTree();
  readonly #view: TreeView<ContextNode>;
  readonly #subscriptions: vscode.Disposable[];

  constructor(
    private readonly models: IgnoreModels,
    private readonly memory: Memory,
    private readonly log: Log,
  ) {
    this.#view = createTreeView(viewId, { treeDataProvider: this.#tree, canSelectMany: true, showCollapseAll: true });
    this.#subscriptions = [
      this.#view,
      this.#tree,
      colorRows(),
      this.#view.onDidChangeVisibility(({ visible }) => this.live?.setWatched(visible)),
    ];
    const place = placeOf(memory.shownContext());
    if (place) this.#open(place);
  }

  /** Overview that is shown; undefined if there is none. */
  get live(): LiveOverview | undefined {
    return this.#tree.live;
  }

  get selection(): readonly ContextNode[] {
    return this.#view.selection;
  }

  /** Shows a build context and reveals the view. Selects the path, if given. */
  async show(place: ContextPlace, path = ""): Promise<void> {
    const current = this.live && recordOf(this.live.place);
    if (JSON.stringify(current) !== JSON.stringify(recordOf(place))) this.#open(place);
    await this.memory.keepShownContext(recordOf(place));
    await vscode.commands.executeCommand(`${viewId}.focus`);
    const node = await this.#tree.nodeOf(path);
    await setContext("contextExcludedShown", this.#tree.isExcludedShown);
    if (node) await this.#view.reveal(node, { select: path !== "", focus: true, expand: path === "" });
  }

  async refresh(): Promise<void> {
    await this.live?.refresh();
  }

  async setFilter(filter: string): Promise<void> {
    await this.live?.setFilter(filter);
    await setContext("contextFiltered", filter.trim() !== "");
  }

  async showExcluded(isShown: boolean): Promise<void> {
    await setContext("contextExcludedShown", isShown);
    await this.#tree.showExcluded(isShown);
  }

  showMore(node: ContextNode): void {
    this.#tree.showMore(node);
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }

  #open(place: ContextPlace): void {
    const live = new LiveOverview(place, this.models, this.log);
    live.setWatched(this.#view.visible);
    live.onDidChange(() => this.#describe());
    this.#tree.show(live);
    setViewMessage(this.#view, undefined);
    setViewDescription(this.#view, nameOf(place));
    Promise.all([setContext("contextShown", true), setContext("contextFiltered", false)]).catch((error: unknown) =>
      this.log.warn(messageOf(error)),
    );
  }

  /** Shows above the rows what they don't show: the filter, and an invalid rule that makes builds fail. */
  #describe(): void {
    const { overview, problem, filter } = this.live ?? {};
    if (problem !== undefined) {
      setViewMessage(this.#view, vscode.l10n.t("Can't read the build context: {0}", problem));
      return;
    }
    if (!overview) return;
    const { state, stopsAt } = overview;
    const row = overview.rowOf(overview.tree.root);
    const notes = [
      ...(stopsAt === undefined
        ? []
        : [vscode.l10n.t("Builds fail at line {0} of {1}, which is invalid.", stopsAt, state.subject.file)]),
      ...(filter?.trim() ? [vscode.l10n.t('Filtered by "{0}": {1}', filter.trim(), amountInWords(row.sent))] : []),
    ];
    setViewMessage(this.#view, notes.length > 0 ? notes.join("\n") : undefined);
  }
}

/** Gives access to the extension's `ContextView`. */
export interface WithContextView {
  readonly contextView: ContextView;
}
