import type { EntryKind } from "../files/listDirectory";
import { compareBytes } from "../files/pathOrder";
import { NamePool } from "./namePool";

/**
 * Identifies a path while it is in the tree, and may be reused afterwards; 0 is the root, which is not a path itself.
 */
export type PathId = number;

const kinds = ["file", "directory", "symlink", "fifo", "socket", "device"] as const satisfies readonly EntryKind[];
const directoryKind = kinds.indexOf("directory");
const firstUnsentKind = kinds.indexOf("socket");
const noChildren: readonly PathId[] = [];
/** Number of paths per step. */
const stepSize = 1024;

/**
 * Paths of a folder with their kinds and sizes, in tree order, at about 100 to 200 bytes per path. Paths can be added
 * and removed one by one.
 */
export class PathTree {
  readonly root: PathId = 0;
  readonly #names = new NamePool();
  readonly #children: (PathId[] | undefined)[] = [[]];
  readonly #free: PathId[] = [];
  readonly #faults = new Map<PathId, string>();
  #nameIds = new Int32Array(1024);
  #parents = new Int32Array(1024);
  #kinds = new Uint8Array(1024).fill(directoryKind, 0, 1);
  #files = new Uint32Array(1024);
  #bytes = new Float64Array(1024);
  #size = 0;
  #revision = 0;
  #journal: PathId[] = [];
  #epoch = 0;
  #isFollowed = false;
  #recent = { path: "", id: this.root };
  #order: { readonly revision: number; readonly ids: Uint32Array } | undefined;

  /** Number of paths. */
  get size(): number {
    return this.#size;
  }

  /** Upper bound of ids, exclusive. */
  get idLimit(): number {
    return this.#children.length;
  }

  /** Number that changes with every change of the tree. */
  get revision(): number {
    return this.#revision;
  }

  /**
   * Ids assigned since the epoch began, in order. Data that is stored by id is updated from the new part of the
   * journal.
   */
  get journal(): { readonly epoch: number; readonly ids: readonly PathId[] } {
    this.#isFollowed = true;
    return { epoch: this.#epoch, ids: this.#journal };
  }

  /** Adds a path with the directories above it, or changes the existing one. */
  add(path: string, kind: EntryKind, sizeBytes = 0): PathId {
    const slash = path.lastIndexOf("/");
    return this.addTo(
      slash < 0 ? this.root : this.#directory(path.slice(0, slash)),
      path.slice(slash + 1),
      kind,
      sizeBytes,
    );
  }

  /**
   * Adds an entry to a directory, or changes the existing one with that name; fastest in the order of the names' bytes.
   */
  addTo(directory: PathId, name: string, kind: EntryKind, sizeBytes = 0): PathId {
    const siblings = (this.#children[directory] ??= []);
    const at = this.#place(siblings, name);
    const present = siblings[at];
    if (present !== undefined && this.nameOf(present) === name) {
      if (this.kindOf(present) === kind) return this.#resize(present, sizeBytes);
      this.#unlink(present);
    }
    const id = this.#allocate();
    if (at === siblings.length) siblings.push(id);
    else siblings.splice(at, 0, id);
    const kindIndex = kinds.indexOf(kind);
    this.#nameIds[id] = this.#names.idOf(name);
    this.#parents[id] = directory;
    this.#kinds[id] = kindIndex;
    const isSent = kindIndex !== directoryKind && kindIndex < firstUnsentKind;
    this.#count(id, isSent ? 1 : 0, kind === "file" ? sizeBytes : 0);
    this.#note(id);
    return id;
  }

  /** Removes a path with everything below it; returns whether it existed. */
  remove(path: string): boolean {
    const id = this.find(path);
    if (id === undefined || id === this.root) return false;
    this.#unlink(id);
    return true;
  }

  /** Returns the id of a path, or undefined; the empty path is the root. */
  find(path: string): PathId | undefined {
    let id: PathId = this.root;
    if (path === "") return id;
    for (const name of path.split("/")) {
      const siblings = this.childrenOf(id);
      const child = siblings[this.#place(siblings, name)];
      if (child === undefined || this.nameOf(child) !== name) return undefined;
      id = child;
    }
    return id;
  }

  /** Returns the path relative to the root, with slashes. */
  pathOf(id: PathId): string {
    const names: string[] = [];
    for (let at = id; at !== this.root; at = this.parentOf(at)) names.push(this.nameOf(at));
    return names.reverse().join("/");
  }

  nameOf(id: PathId): string {
    return this.#names.names[this.#nameIds[id] ?? 0] ?? "";
  }

  parentOf(id: PathId): PathId {
    return this.#parents[id] ?? 0;
  }

  kindOf(id: PathId): EntryKind {
    return kinds[this.#kinds[id] ?? 0] ?? "file";
  }

  /** Returns a short reason why a directory can't be listed, or undefined if it can. */
  faultOf(id: PathId): string | undefined {
    return this.#faults.get(id);
  }

  /** Directories that can't be listed. */
  get faulty(): PathId[] {
    return [...this.#faults.keys()];
  }

  /** Records why a directory can't be listed; undefined if it can. */
  setFault(id: PathId, fault: string | undefined): void {
    if (this.#faults.get(id) === fault) return;
    this.#revision++;
    if (fault === undefined) this.#faults.delete(id);
    else this.#faults.set(id, fault);
  }

  isDirectory(id: PathId): boolean {
    return this.#kinds[id] === directoryKind;
  }

  /** Returns the contents of a directory, sorted by the bytes of the names. */
  childrenOf(id: PathId): readonly PathId[] {
    return this.#children[id] ?? noChildren;
  }

  /** Returns the number of files, links, and pipes at and below a path. */
  filesOf(id: PathId): number {
    return this.#files[id] ?? 0;
  }

  /** Returns the size in bytes of a file, or of all files below a directory. */
  bytesOf(id: PathId): number {
    return this.#bytes[id] ?? 0;
  }

  /** Yields all paths, or those below a directory; each directory before its contents. */
  *ids(below: PathId = this.root): Generator<PathId> {
    const pending = [...this.childrenOf(below)].reverse();
    for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
      yield id;
      pushReversed(pending, this.childrenOf(id));
    }
  }

  /** Returns all paths in the order of `ids`, step by step; cached until the tree changes. */
  *inOrder(): Generator<undefined, Uint32Array> {
    const revision = this.#revision;
    if (this.#order?.revision === revision) return this.#order.ids;
    const ids = new Uint32Array(this.#size);
    let at = 0;
    for (const id of this.ids()) {
      ids[at++] = id;
      if (at % stepSize === 0) yield;
    }
    if (this.#revision === revision) this.#order = { revision, ids };
    return ids;
  }

  /** Remembers the last directory, because most paths are in the same one as the previous path. */
  #directory(path: string): PathId {
    if (this.#recent.path === path) return this.#recent.id;
    const found = this.find(path);
    const id = found !== undefined && this.isDirectory(found) ? found : this.add(path, "directory");
    this.#recent = { path, id };
    return id;
  }

  /** Returns the index of a name among its siblings, or where it would be inserted. */
  #place(siblings: readonly PathId[], name: string): number {
    let low = 0;
    let high = siblings.length;
    const last = siblings[high - 1];
    if (last === undefined || compareBytes(this.nameOf(last), name) < 0) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareBytes(this.nameOf(siblings[middle] ?? 0), name) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #resize(id: PathId, sizeBytes: number): PathId {
    if (this.kindOf(id) === "file") this.#count(id, 0, sizeBytes - this.bytesOf(id));
    return id;
  }

  #unlink(id: PathId): void {
    this.#recent = { path: "", id: this.root };
    const siblings = this.#children[this.parentOf(id)];
    siblings?.splice(this.#place(siblings, this.nameOf(id)), 1);
    const gone = [id, ...this.ids(id)];
    this.#count(id, -this.filesOf(id), -this.bytesOf(id));
    this.#size -= gone.length;
    for (const each of gone) {
      this.#children[each] = undefined;
      this.#faults.delete(each);
      this.#files[each] = 0;
      this.#bytes[each] = 0;
      this.#free.push(each);
    }
  }

  /** Adds to the totals of a path and of everything above it. */
  #count(id: PathId, files: number, bytes: number): void {
    this.#revision++;
    for (let at = id; ; at = this.parentOf(at)) {
      this.#files[at] = this.filesOf(at) + files;
      this.#bytes[at] = this.bytesOf(at) + bytes;
      if (at === this.root) return;
    }
  }

  #allocate(): PathId {
    this.#size++;
    const reused = this.#free.pop();
    if (reused !== undefined) return reused;
    const id = this.#children.push(undefined) - 1;
    if (id === this.#parents.length) this.#grow();
    return id;
  }

  #grow(): void {
    this.#nameIds = doubled(this.#nameIds);
    this.#parents = doubled(this.#parents);
    this.#kinds = doubled(this.#kinds);
    this.#files = doubled(this.#files);
    this.#bytes = doubled(this.#bytes);
  }

  #note(id: PathId): void {
    if (!this.#isFollowed) return;
    this.#journal.push(id);
    if (this.#journal.length < 2 * this.#children.length + 1024) return;
    this.#journal = [];
    this.#isFollowed = false;
    this.#epoch++;
  }
}

/** Pushes children onto a stack so that the first of them is popped next. */
export function pushReversed(pending: PathId[], children: readonly PathId[]): void {
  for (let i = children.length - 1; i >= 0; i--) pending.push(children[i] ?? 0);
}

function doubled<T extends Int32Array | Uint32Array | Uint8Array | Float64Array>(column: T): T {
  const larger = new (column.constructor as new (length: number) => T)(column.length * 2);
  larger.set(column);
  return larger;
}
