import type { IgnoreList, Scope } from "../../context/dockerignore/ignoreList";
import type { ModeChange } from "./chmod";
import { joinPath, parentOf, type FileTree, type Owner } from "../tree/fileTree";
import { newFolder, type Folder, type Leaf, type Node } from "../tree/node";
import { TreeError } from "../tree/treeError";

/** Changes to the copied files. */
export interface CopyChanges {
  /** Without one, files keep their owners. */
  readonly owner?: Owner;
  readonly mode?: ModeChange;
  /** Excludes paths below a folder, by `--exclude`. */
  readonly excludes?: IgnoreList;
}

/** A folder of the source that a rule keeps out, and that is made once something below it is not. */
interface Pending {
  readonly source: Folder;
  readonly target: string;
  isMade: boolean;
}

/**
 * Copies one file or folder from one tree into another by the rules of BuildKit: a folder's content goes into the
 * target, an existing folder at the top keeps its mode and owner, those below take the source's.
 */
export class Copier {
  /** The copies of files with several names, so that the copies are one file, too. */
  readonly #links = new Map<Leaf, Leaf>();
  readonly #pending: Pending[] = [];

  constructor(
    private readonly target: FileTree,
    private readonly changes: CopyChanges,
  ) {}

  /**
   * @param name what the source is called, for a folder that it goes into
   * @param destination as it is written, absolute; a slash at its end means a folder
   * @throws TreeError; the fault of a file that cannot be read
   */
  copy(source: Node, name: string, destination: string): void {
    const { target, changes } = this;
    const folders = { mode: changes.mode?.folders, owner: changes.owner };
    const isFolder = /\/\.?$/.test(destination);
    target.makeFolders(target.resolve(isFolder ? destination : parentOf(destination)), folders);
    let place = target.resolve(destination);
    const there = target.at(place);
    if (source.kind !== "directory" && there?.kind === "directory") place = joinPath(place, name);
    target.makeFolders(source.kind === "directory" && !there ? place : parentOf(place), folders);
    this.#copy(source, place, { isIncluded: true, isTop: true, scope: changes.excludes?.root });
  }

  #copy(source: Node, place: string, { isIncluded, isTop, scope }: Step): void {
    if (source.fault) throw source.fault;
    if (isIncluded) this.#makePending();
    if (source.kind === "directory") this.#copyFolder(source, place, { isIncluded, isTop, scope });
    else if (isIncluded) this.#copyLeaf(source, place);
  }

  #copyFolder(source: Folder, place: string, { isIncluded, isTop, scope }: Step): void {
    const pending = { source, target: place, isMade: isIncluded };
    if (isIncluded) {
      if (isTop) this.#touchTop(source, place);
      else this.#makeFolder(source, place, true);
    }
    this.#pending.push(pending);
    for (const [name, child] of source.children) {
      const verdict = scope && this.changes.excludes?.decide(scope, name, child.kind === "directory");
      const isExcluded = verdict?.excluded ?? false;
      // No path below can be included again.
      if (isExcluded && (child.kind !== "directory" || !verdict?.inside)) continue;
      this.#copy(child, joinPath(place, name), { isIncluded: !isExcluded, isTop: false, scope: verdict?.inside });
    }
    this.#pending.pop();
  }

  /** A folder at the top exists by now; only its time is taken over. */
  #touchTop(source: Folder, place: string): void {
    const folder = this.target.at(place);
    if (folder?.kind !== "directory") throw new TreeError(`"${place}" is not a folder`);
    folder.mtime = source.mtime;
    this.target.touch(place);
  }

  #makePending(): void {
    for (const each of this.#pending) {
      if (each.isMade) continue;
      this.#makeFolder(each.source, each.target, false);
      each.isMade = true;
    }
  }

  #makeFolder(source: Folder, place: string, overwrites: boolean): void {
    const before = this.target.at(place);
    if (before && before.kind !== "directory") throw new TreeError(`"${place}" is not a folder`);
    if (before && !overwrites) return;
    const folder = before ?? newFolder();
    if (!before) this.target.put(place, folder);
    Object.assign(folder, this.#metadata(source), {
      xattrs: source.xattrs ? new Map([...(folder.xattrs ?? []), ...source.xattrs]) : folder.xattrs,
    });
    this.target.touch(place);
  }

  #copyLeaf(source: Leaf, place: string): void {
    if (this.target.at(place)?.kind === "directory") throw new TreeError(`"${place}" is a folder`);
    let copy = this.#links.get(source);
    if (!copy) {
      copy = { ...source, ...this.#metadata(source) };
      this.#links.set(source, copy);
    }
    this.target.put(place, copy);
  }

  #metadata(source: Node): { uid: number; gid: number; mode: number; mtime: number } {
    const { mode } = this.changes;
    const { uid, gid } = this.changes.owner ?? source;
    const isChanged = mode && source.kind !== "symlink";
    const changed = isChanged ? mode.apply(source.mode, source.kind === "directory") : source.mode;
    if (changed === undefined) throw new TreeError("--chmod depends on bits that only BuildKit works out");
    return { uid, gid, mode: changed, mtime: source.mtime };
  }
}

interface Step {
  readonly isIncluded: boolean;
  readonly isTop: boolean;
  readonly scope?: Scope;
}
