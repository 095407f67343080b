import { cleanPath } from "../../base/goText";
import { isDamagedTar } from "../tar/damage";
import { readTar } from "../tar/readTar";
import type { TarHeader } from "../tar/tarHeaders";
import { gunzip, packingOf, peek } from "../tar/unpack";
import { nodeOf } from "../tree/applyLayer";
import { joinPath, nameOf, parentOf, partsOf, type FileTree, type Owner } from "../tree/fileTree";
import { newFolder, type Folder, type Leaf, type TarSource } from "../tree/node";
import { TreeError } from "../tree/treeError";

/** Reads the bytes of a file. */
export type OpenFile = (leaf: Leaf, signal: AbortSignal) => AsyncIterable<Buffer>;

/**
 * Finds out whether ADD unpacks a file.
 *
 * @returns the tar in it; undefined for what is none
 * @throws TreeError for packings that only BuildKit unpacks
 */
export async function archiveIn(
  leaf: Leaf,
  name: string,
  open: OpenFile,
  signal: AbortSignal,
): Promise<TarSource | undefined> {
  if (leaf.kind !== "file") return undefined;
  const { start, all } = await peek(open(leaf, signal));
  const packing = packingOf(start);
  try {
    if (packing !== "none" && packing !== "gzip")
      throw new TreeError(`"${name}" may be an archive packed by ${packing}`);
    const isPacked = packing === "gzip";
    const members = readTar(isPacked ? gunzip(all) : all);
    const first = await members.next();
    await members.return(undefined);
    if (!first.done)
      return {
        name: `"${name}"`,
        open: (own) => (isPacked ? gunzip(open(leaf, own)) : open(leaf, own)),
      };
  } catch (error) {
    if (!isDamagedTar(error)) throw error;
  } finally {
    await all[Symbol.asyncIterator]().return?.();
  }
  return undefined;
}

/**
 * Unpacks a tar into a folder by the rules of ADD: what is there is replaced, but folders are merged; links on the way
 * do not lead out of the folder.
 *
 * @throws TreeError
 */
export async function addArchive(
  tree: FileTree,
  source: TarSource,
  destination: string,
  owner: Owner | undefined,
  signal: AbortSignal,
): Promise<void> {
  const top = tree.resolve(destination);
  tree.makeFolders(top, { owner });
  const times: (readonly [folder: Folder, mtime: number])[] = [];
  let index = 0;
  for await (const member of readTar(source.open(signal))) {
    signal.throwIfAborted();
    const content = { kind: "member", source, index: index++ } as const;
    const header = owner ? { ...member.header, ...owner } : member.header;
    const written = cleanPath(header.path);
    if (written === ".." || written.startsWith("../"))
      throw new TreeError(`"${header.path}" is outside of the archive`);
    const place = placeIn(tree, top, written);
    const before = tree.at(place);
    if (before?.kind === "directory" && place === top) {
      // Only a member with a name gives the folder itself new metadata.
      if (written === ".") continue;
    } else if (before && !(before.kind === "directory" && header.kind === "directory")) tree.remove(place);
    if (header.kind === "directory") times.push([addFolder(tree, place, header), header.mtime]);
    else if (header.kind === "link") addLink(tree, top, place, header, owner);
    else {
      if (header.kind === "symlink") checkLink(top, place, header.target ?? "");
      tree.put(place, nodeOf(header, content));
    }
  }
  for (const [folder, mtime] of times) folder.mtime = mtime;
}

/** Folders on the way that are missing are root's. */
function placeIn(tree: FileTree, top: string, written: string): string {
  const path = partsOf(written).join("/");
  if (path === "") return top;
  const folder = tree.resolve(parentOf(`/${path}`), { top });
  let place = top;
  for (const name of partsOf(folder.slice(top === "/" ? 0 : top.length))) {
    place = joinPath(place, name);
    if (tree.at(place)?.kind === "directory") continue;
    if (tree.at(place)) throw new TreeError(`"${place}" is not a folder`);
    tree.put(place, newFolder());
  }
  return joinPath(folder, nameOf(path));
}

function addFolder(tree: FileTree, place: string, header: TarHeader): Folder {
  const before = tree.at(place);
  const folder = before?.kind === "directory" ? before : newFolder();
  if (folder !== before) tree.put(place, folder);
  const { mode, uid, gid, xattrs } = header;
  Object.assign(folder, { mode, uid, gid, ...(xattrs && { xattrs: new Map([...(folder.xattrs ?? []), ...xattrs]) }) });
  tree.touch(place);
  return folder;
}

function addLink(tree: FileTree, top: string, place: string, header: TarHeader, owner: Owner | undefined): void {
  const target = partsOf(cleanPath(`/${header.target ?? ""}`)).join("/");
  const found = tree.resolve(`/${target}`, { top, followsLast: false });
  const node = tree.at(found);
  if (!node || node.kind === "directory") throw new TreeError(`"${header.path}" is a hard link to a missing file`);
  const { mode, uid, gid, mtime } = header;
  const isSame = node.mode === mode && node.uid === uid && node.gid === gid && node.mtime === mtime;
  if (!isSame && !owner) throw new TreeError(`"${header.path}" is a hard link with metadata of its own`);
  tree.put(place, node);
}

function checkLink(top: string, place: string, target: string): void {
  // Counted from the folder that is unpacked into, as the program that unpacks sees it.
  const inside = place.slice(top === "/" ? 0 : top.length);
  const path = cleanPath(`${parentOf(inside)}/${target}`);
  if (!path.startsWith("/")) throw new TreeError(`the link "${place}" leads out of the archive`);
}
