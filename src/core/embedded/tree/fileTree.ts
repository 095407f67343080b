import { newFolder, type Folder, type Node } from "./node";
import { TreeError } from "./treeError";

/** Owner of created files and folders. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** Options for creating missing folders. */
export interface NewFolders {
  readonly mode?: number;
  /** Without one, root owns them, or the group of a folder with the setgid bit. */
  readonly owner?: Owner;
}

/** The daemon's, which cuts the modes of folders that it makes on the way. */
const umask = 0o022;
const maxLinks = 255;

/**
 * The files of an image or a build context, in memory. Paths are absolute and clean. Remembers what was changed since
 * the last layer, as an overlay file system would.
 */
export class FileTree {
  readonly #changed = new Set<string>();
  readonly #removed = new Set<string>();

  constructor(readonly root: Folder = newFolder({ mtime: 0 })) {}

  /** Paths that were changed since the last layer, including their folders. */
  get changed(): ReadonlySet<string> {
    return this.#changed;
  }

  /** Folders and files that were below, and are not what is there now. */
  get removed(): ReadonlySet<string> {
    return this.#removed;
  }

  /** Begins a new layer. */
  settle(): void {
    this.#changed.clear();
    this.#removed.clear();
  }

  /** A tree with folders of its own and the same files. */
  clone(): FileTree {
    return new FileTree(cloneFolder(this.root));
  }

  /** Returns the node at a path; links are not followed. */
  at(path: string): Node | undefined {
    let node: Node | undefined = this.root;
    for (const name of partsOf(path)) {
      if (node?.kind !== "directory") return undefined;
      node = node.children.get(name);
    }
    return node;
  }

  /** The folder at a path, which must be one. */
  folderAt(path: string): Folder {
    const node = this.at(path);
    if (node?.kind === "directory") return node;
    throw new TreeError(`"${path}" is not a folder`);
  }

  /**
   * Follows the links on the way to a path, the last one included, without leaving the tree; what does not exist is
   * taken as it is written.
   *
   * @param top the folder that counts as `/`
   * @throws TreeError for a loop, and for a path through a file
   */
  resolve(path: string, { top = "/", followsLast = true }: { top?: string; followsLast?: boolean } = {}): string {
    let pending = partsOf(path);
    let done: string[] = [];
    let links = 0;
    while (pending.length > 0) {
      const [name = "", ...rest] = pending;
      pending = rest;
      if (name === "..") {
        done = done.slice(0, -1);
        continue;
      }
      const node = this.#below(joinPath(top, done.join("/")), name);
      if (node?.kind !== "symlink" || (rest.length === 0 && !followsLast)) {
        if (node !== undefined && node.kind !== "directory" && rest.length > 0)
          throw new TreeError(`"${joinPath(top, [...done, name].join("/"))}" is not a folder`);
        done.push(name);
        continue;
      }
      if (++links > maxLinks) throw new TreeError(`"${path}" leads through too many links`);
      const target = node.target ?? "";
      if (target.startsWith("/")) done = [];
      pending = [...partsOf(target), ...rest];
    }
    return joinPath(top, done.join("/"));
  }

  /**
   * Makes the folders of a resolved path that are missing.
   *
   * @throws TreeError where something else is in the way
   */
  makeFolders(path: string, { mode = 0o755, owner }: NewFolders = {}): void {
    let folder = this.root;
    let place = "";
    for (const name of partsOf(path)) {
      place += `/${name}`;
      const node = folder.children.get(name);
      if (node && node.kind !== "directory") throw new TreeError(`"${place}" is not a folder`);
      const next = node ?? inheriting(folder, newFolder({ mode: mode & 0o777 & ~umask, ...owner }), owner);
      if (!node) {
        folder.children.set(name, next);
        this.touch(place);
      }
      folder = next;
    }
  }

  /** Puts a node at a path whose folder exists, in the place of what is there. */
  put(path: string, node: Node): void {
    const { folder, name } = this.#placeOf(path);
    const before = folder.children.get(name);
    if (before?.kind === "directory") this.#removed.add(path);
    folder.children.set(name, node);
    this.touch(path);
  }

  /** Takes what is at a path away. */
  remove(path: string): void {
    const { folder, name } = this.#placeOf(path);
    if (!folder.children.delete(name)) return;
    this.#removed.add(path);
    this.touch(parentOf(path));
  }

  /** Counts a path as changed. */
  touch(path: string): void {
    for (let each = path; !this.#changed.has(each); each = parentOf(each)) {
      this.#changed.add(each);
      if (each === "/") return;
    }
  }

  #below(folder: string, name: string): Node | undefined {
    const node = this.at(folder);
    return node?.kind === "directory" ? node.children.get(name) : undefined;
  }

  #placeOf(path: string): { folder: Folder; name: string } {
    return { folder: this.folderAt(parentOf(path)), name: nameOf(path) };
  }
}

/** Returns the parts of a path, without those that mean nothing; `..` stays. */
export function partsOf(path: string): string[] {
  return path.split("/").filter((part) => part !== "" && part !== ".");
}

/** Returns the path of the folder above. */
export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

/** Returns the last part of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Returns a path below a folder; both are clean. */
export function joinPath(folder: string, path: string): string {
  if (path === "") return folder;
  return folder === "/" ? `/${path}` : `${folder}/${path}`;
}

/** A folder with the setgid bit gives its group and the bit to folders that are made in it. */
function inheriting(parent: Folder, folder: Folder, owner: Owner | undefined): Folder {
  if ((parent.mode & 0o2000) === 0) return folder;
  folder.mode |= 0o2000;
  if (!owner) folder.gid = parent.gid;
  return folder;
}

function cloneFolder(folder: Folder): Folder {
  const children = new Map<string, Node>();
  for (const [name, node] of folder.children) children.set(name, node.kind === "directory" ? cloneFolder(node) : node);
  return { ...folder, children };
}
