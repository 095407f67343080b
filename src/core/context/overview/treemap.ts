import { inSlices } from "../../base/batches";
import type { PathId } from "../tree/pathTree";
import { contentKinds, kindOfFile, kindOfFolder, type ContentKind } from "./contentKind";
import type { Amount, ContextOverview } from "./contextOverview";
import type { Mark } from "./marks";

/** Maximum number of rectangles, beyond which they are hard to distinguish. */
const maxNodes = 2_000;
/** Smallest visible part of the whole. */
const smallestPart = 1 / 20_000;
/** Number of paths per step. */
const stepSize = 1024;

/** Rectangle in the treemap of what is sent. */
export interface TreemapNode extends Amount {
  /** Path relative to the context's root, with slashes; empty for the root. */
  readonly path: string;
  /** Name; for folders that are drawn as one, all their names: `lib/python3.11`. */
  name: string;
  /** `others` combines what is too small or too numerous to be shown separately. */
  readonly type: "folder" | "file" | "others";
  kind: ContentKind;
  readonly mark?: Mark;
  /** Largest first; undefined if the node is not expanded. */
  children?: TreemapNode[];
}

/** Treemap of what is sent of one directory. */
export interface Treemap {
  readonly root: TreemapNode;
  /** Amount of each kind, largest first. */
  readonly kinds: readonly (Amount & { readonly kind: ContentKind })[];
}

/** Returns the treemap of a directory: its largest parts and their parts, as far as they are visible; in slices. */
export function treemapOf(overview: ContextOverview, directory: PathId, signal?: AbortSignal): Promise<Treemap> {
  return inSlices(function* () {
    const { tree } = overview;
    const above: string[] = [];
    for (let at = directory; at !== tree.root; at = tree.parentOf(at)) above.push(tree.nameOf(at));
    const inherited = above
      .reverse()
      .reduce<ContentKind | undefined>((kind, name) => kind ?? kindOfFolder(name), undefined);
    return {
      root: yield* growTree(overview, directory, inherited),
      kinds: yield* amountsByKind(overview, directory, inherited),
    };
  }, signal);
}

/** Expands the largest folder repeatedly until nothing more is visible. */
function* growTree(
  overview: ContextOverview,
  directory: PathId,
  inherited: ContentKind | undefined,
): Generator<undefined, TreemapNode> {
  const { tree } = overview;
  const root: TreemapNode = { ...nodeOf(overview, directory, inherited), type: "folder" };
  const closed = [{ id: directory, node: root, inherited }];
  const smallest = root.bytes * smallestPart;
  for (let count = 1; closed.length > 0 && count < maxNodes;) {
    const largest = closed.reduce((best, each, i) => (each.node.bytes > (closed[best]?.node.bytes ?? 0) ? i : best), 0);
    const [next] = closed.splice(largest, 1);
    if (!next || next.node.bytes <= 0) break;
    const ids = (yield* overview.childrenSteps(next.id, false)).filter((id) => overview.sentOf(id).bytes > 0);
    const shown = ids.slice(0, maxNodes - count).filter((id) => overview.sentOf(id).bytes >= smallest);
    const children = shown.map((id) => {
      const kind = next.inherited ?? (tree.isDirectory(id) ? kindOfFolder(tree.nameOf(id)) : undefined);
      const node = nodeOf(overview, id, kind);
      if (tree.isDirectory(id)) closed.push({ id, node, inherited: kind });
      return node;
    });
    const others = othersOf(next.node, children);
    next.node.children = others ? [...children, others] : children;
    count += next.node.children.length;
    yield;
  }
  for (const child of root.children ?? []) settle(child);
  return root;
}

/** Merges folders whose only content is another folder, and sets a folder's kind to that of most of its bytes. */
function settle(node: TreemapNode): void {
  for (
    let [only, ...others] = node.children ?? [];
    only?.type === "folder" && others.length === 0;
    [only, ...others] = node.children ?? []
  ) {
    node.name += `/${only.name}`;
    node.children = only.children;
  }
  for (const child of node.children ?? []) settle(child);
  const bytesOf = (kind: ContentKind): number =>
    node.children?.reduce((sum, child) => sum + (child.kind === kind ? child.bytes : 0), 0) ?? 0;
  node.kind = contentKinds.find((kind) => bytesOf(kind) > node.bytes / 2) ?? node.kind;
}

function nodeOf(overview: ContextOverview, id: PathId, inherited: ContentKind | undefined): TreemapNode {
  const { tree } = overview;
  const name = id === tree.root ? "" : tree.nameOf(id);
  const isDirectory = tree.isDirectory(id);
  const kind = inherited ?? (isDirectory ? "other" : kindOfFile(name));
  return {
    path: tree.pathOf(id),
    name,
    type: isDirectory ? "folder" : "file",
    kind,
    mark: overview.marks.of(id),
    ...overview.sentOf(id),
  };
}

/** Returns a node for the part of a folder that is not shown, if any. */
function othersOf(folder: TreemapNode, shown: readonly TreemapNode[]): TreemapNode | undefined {
  const bytes = folder.bytes - shown.reduce((sum, each) => sum + each.bytes, 0);
  const files = folder.files - shown.reduce((sum, each) => sum + each.files, 0);
  return files > 0 && bytes > 0
    ? { path: folder.path, name: "", type: "others", kind: folder.kind, files, bytes }
    : undefined;
}

function* amountsByKind(
  overview: ContextOverview,
  directory: PathId,
  inherited: ContentKind | undefined,
): Generator<undefined, Treemap["kinds"]> {
  const { tree, evaluation } = overview;
  const amounts = contentKinds.map((kind) => ({ kind, files: 0, bytes: 0 }));
  const byKind = new Map(amounts.map((amount) => [amount.kind, amount]));
  const pending: { readonly id: PathId; readonly inherited: ContentKind | undefined }[] = [
    { id: directory, inherited },
  ];
  let step = 0;
  for (let next = pending.pop(); next; next = pending.pop()) {
    for (const id of tree.childrenOf(next.id)) {
      if (++step % stepSize === 0) yield;
      if (!evaluation.isSent(id)) continue;
      const name = tree.nameOf(id);
      if (tree.isDirectory(id)) {
        pending.push({ id, inherited: next.inherited ?? kindOfFolder(name) });
        continue;
      }
      const amount = byKind.get(next.inherited ?? kindOfFile(name));
      if (!amount) continue;
      amount.files++;
      amount.bytes += tree.bytesOf(id);
    }
  }
  return amounts.filter(({ bytes }) => bytes > 0).sort((a, b) => b.bytes - a.bytes);
}
