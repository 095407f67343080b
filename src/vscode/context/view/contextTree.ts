import * as vscode from "vscode";
import type { ContextOverview } from "../../../core/context/overview/contextOverview";
import type { LiveOverview } from "../model/liveOverview";
import { contextItemOf, restItemOf } from "./contextItem";
import type { ContextNode } from "./contextNode";

/** Number of rows per folder that are listed at first, and added by Show More. */
const rowsAtOnce = 1_000;

/** Folder whose rows were passed to VS Code. */
interface Listing {
  readonly node: ContextNode;
  /** Paths of the listed rows, in order. */
  readonly paths: readonly string[];
  /** Number of entries that are not listed. */
  readonly rest: number;
}

/** Rows of a build context, each kept as long as its path exists. A change redraws only the rows that differ. */
export class ContextTree implements vscode.TreeDataProvider<ContextNode>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<ContextNode[] | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  #live: LiveOverview | undefined;
  #listening: vscode.Disposable | undefined;
  #isExcludedShown = false;
  #rootId: string | undefined;
  readonly #nodes = new Map<string, ContextNode>();
  readonly #listings = new Map<string, Listing>();
  readonly #drawn = new Map<ContextNode, string>();
  readonly #limits = new Map<string, number>();

  get live(): LiveOverview | undefined {
    return this.#live;
  }

  get isExcludedShown(): boolean {
    return this.#isExcludedShown;
  }

  /** Shows another build context, or none. The previous overview is disposed. */
  show(live: LiveOverview | undefined): void {
    this.#listening?.dispose();
    this.#live?.dispose();
    this.#live = live;
    for (const map of [this.#nodes, this.#listings, this.#drawn, this.#limits]) map.clear();
    this.#listening = live?.onDidChange(() => void this.#redraw());
    this.#changed.fire(undefined);
  }

  async showExcluded(isShown: boolean): Promise<void> {
    this.#isExcludedShown = isShown;
    await this.#redraw();
  }

  /** Lists more rows of a folder. */
  showMore({ path }: ContextNode): void {
    this.#limits.set(path, this.#limitOf(path) + rowsAtOnce);
    const folder = this.#listings.get(path)?.node;
    if (folder) this.#changed.fire([folder]);
  }

  getTreeItem(node: ContextNode): vscode.TreeItem {
    if (node.kind === "contextRest") return restItemOf(node, this.#listings.get(node.path)?.rest ?? 0);
    const item = contextItemOf(node, node.live.overview);
    this.#drawn.set(node, signatureOf(item));
    if (node.kind === "context") this.#rootId = item.id;
    return item;
  }

  async getChildren(node?: ContextNode): Promise<ContextNode[]> {
    const live = this.#live;
    if (!live) return [];
    if (!live.overview && live.problem === undefined) await live.update();
    if (live !== this.#live || !live.overview) return [];
    if (!node) return [this.#nodeAt(live, "")];
    if (node.kind === "contextRest") return [];
    const { paths, rest } = await this.#list(live.overview, node.path);
    this.#forgetRows(node, new Set(paths));
    this.#listings.set(node.path, { node, paths, rest });
    const rows = paths.map((path) => this.#nodeAt(live, path));
    return rest > 0 ? [...rows, { kind: "contextRest", live, path: node.path, parent: node }] : rows;
  }

  getParent(node: ContextNode): ContextNode | undefined {
    return node.parent;
  }

  /**
   * Returns the row of a path, and lists it if necessary; undefined if the path is not in the build context. For an
   * excluded path, excluded files are shown.
   */
  async nodeOf(path: string): Promise<ContextNode | undefined> {
    const live = this.#live;
    if (live && !live.overview) await live.update();
    const overview = live?.overview;
    const row = overview?.row(path);
    if (!live || !overview || !row) return undefined;
    if (!row.isSent && !this.#isExcludedShown) await this.showExcluded(true);
    const names = path.split("/");
    for (let depth = 0; depth < names.length; depth++) {
      const folder = names.slice(0, depth).join("/");
      const ids = await overview.children(overview.tree.find(folder) ?? overview.tree.root, this.#isExcludedShown);
      const at = ids.findIndex((id) => overview.tree.nameOf(id) === names[depth]);
      if (at >= this.#limitOf(folder)) this.#limits.set(folder, at + 1);
    }
    return this.#nodeAt(live, path);
  }

  dispose(): void {
    this.show(undefined);
    this.#changed.dispose();
  }

  #nodeAt(live: LiveOverview, path: string): ContextNode {
    const known = this.#nodes.get(path);
    if (known) return known;
    const parent = path === "" ? undefined : this.#nodeAt(live, path.slice(0, Math.max(path.lastIndexOf("/"), 0)));
    const node: ContextNode = { kind: path === "" ? "context" : "contextEntry", live, path, parent };
    this.#nodes.set(path, node);
    return node;
  }

  async #list(overview: ContextOverview, path: string): Promise<{ readonly paths: string[]; readonly rest: number }> {
    const id = overview.tree.find(path);
    if (id === undefined) return { paths: [], rest: 0 };
    const ids = await overview.children(id, this.#isExcludedShown);
    const limit = this.#limitOf(path);
    return {
      paths: ids.slice(0, limit).map((each) => overview.tree.pathOf(each)),
      rest: Math.max(ids.length - limit, 0),
    };
  }

  #limitOf(path: string): number {
    return this.#limits.get(path) ?? rowsAtOnce;
  }

  /**
   * Redraws the folders whose entries have changed and the rows that look different. If the filter has changed, all
   * rows are redrawn.
   */
  async #redraw(): Promise<void> {
    const live = this.#live;
    const overview = live?.overview;
    const root = this.#nodes.get("");
    const isOther = !overview || !root || contextItemOf(root, overview).id !== this.#rootId;
    if (!live || !overview || isOther) return this.#changed.fire(undefined);
    const changed = new Set<ContextNode>();
    for (const { node, paths, rest } of [...this.#listings.values()]) {
      const now = await this.#list(overview, node.path);
      if (live !== this.#live) return;
      if (now.rest !== rest || now.paths.length !== paths.length || now.paths.some((path, i) => path !== paths[i]))
        changed.add(node);
      if (overview.tree.find(node.path) === undefined) this.#listings.delete(node.path);
    }
    const { inSlices } = await import("../../../core/base/batches");
    await inSlices(() => this.#compare(overview, changed), undefined);
    const topmost = [...changed].filter(({ parent }) => !parent || !changed.has(parent));
    if (topmost.length > 0 && live === this.#live) this.#changed.fire(topmost);
  }

  /** Adds the rows that look different from the ones that VS Code has drawn. */
  *#compare(overview: ContextOverview, changed: Set<ContextNode>): Generator<undefined, void> {
    for (const [node, signature] of [...this.#drawn]) {
      if (overview.tree.find(node.path) === undefined) this.#forget(node);
      // Redrawing a row includes its child rows.
      else if (node.parent && changed.has(node.parent)) changed.add(node);
      else if (signatureOf(contextItemOf(node, overview)) !== signature) changed.add(node);
      yield;
    }
  }

  /** Forgets rows that a folder no longer lists, so that they are not redrawn. */
  #forgetRows({ path: folder }: ContextNode, kept: ReadonlySet<string>): void {
    for (const path of this.#listings.get(folder)?.paths ?? []) {
      const node = kept.has(path) ? undefined : this.#nodes.get(path);
      if (node) this.#drawn.delete(node);
    }
  }

  #forget(node: ContextNode): void {
    this.#drawn.delete(node);
    this.#nodes.delete(node.path);
  }
}

function signatureOf({ id, label, description, contextValue, tooltip }: vscode.TreeItem): string {
  return JSON.stringify([
    id,
    label,
    description,
    contextValue,
    tooltip instanceof vscode.MarkdownString ? tooltip.value : tooltip,
  ]);
}
