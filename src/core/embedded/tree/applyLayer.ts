import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { TreeError } from "./treeError";
import { joinPath, nameOf, parentOf, partsOf, type FileTree } from "./fileTree";
import { newFolder, type Content, type Leaf, type Node, type TarSource } from "./node";
import { isListedWhole, type TarHeader } from "../tar/tarHeaders";
import { readTar, type TarMember, type TarReading } from "../tar/readTar";

/** So many members no layer has that anybody builds on; each takes some hundred bytes of memory. */
const maxMembers = 2_000_000;
const whiteout = ".wh.";
const opaque = ".wh..wh..opq";

/**
 * Puts the files of a layer over those of the layers below, as engines do: files that the layer hides are taken away,
 * and a folder takes the place of a link.
 *
 * @param onListing receives the parts of a listing of the layer, see `TarReading`
 * @returns the digest of the unpacked layer
 * @throws TreeError when the layer is no valid tar, or names files that are not there
 */
export async function applyLayer(
  tree: FileTree,
  source: TarSource,
  signal: AbortSignal,
  onListing?: TarReading["onListing"],
): Promise<string> {
  const hash = createHash("sha256");
  await applyMembers(tree, source, readTar(hashed(source.open(signal), hash), { onListing }), signal);
  return `sha256:${hash.digest("hex")}`;
}

/** Applies a layer by its listing; its source is read only for the bytes of its files. Throws like `applyLayer`. */
export async function applyListing(
  tree: FileTree,
  source: TarSource,
  listing: Buffer,
  signal: AbortSignal,
): Promise<void> {
  await applyMembers(tree, source, readTar(Readable.from([listing]), { isListing: true }), signal);
}

async function applyMembers(
  tree: FileTree,
  source: TarSource,
  members: AsyncIterable<TarMember>,
  signal: AbortSignal,
): Promise<void> {
  const own = new Set<string>();
  let index = 0;
  for await (const member of members) {
    signal.throwIfAborted();
    if (index >= maxMembers) throw new TreeError(`${source.name} has more than ${maxMembers} files`);
    const content: Content = { kind: "member", source, index: index++ };
    await applyMember(tree, member, content, own);
  }
  tree.settle();
}

async function* hashed(chunks: AsyncIterable<Buffer>, hash: ReturnType<typeof createHash>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}

async function applyMember(tree: FileTree, member: TarMember, content: Content, own: Set<string>): Promise<void> {
  const { header } = member;
  const path = cleanMemberPath(header.path);
  const name = nameOf(path);
  const folder = parentOf(path);
  if (name === opaque) return clear(tree, folder, own);
  if (name.startsWith(`${whiteout}${whiteout}`)) return;
  if (name.startsWith(whiteout)) return hide(tree, joinPath(folder, name.slice(whiteout.length)), own);
  makeParents(tree, folder, own);
  own.add(path);
  if (path === "/") {
    Object.assign(tree.root, { mode: header.mode, uid: header.uid, gid: header.gid, mtime: header.mtime });
    return;
  }
  if (header.kind === "link") {
    const target = tree.at(cleanMemberPath(header.target ?? ""));
    if (!target || target.kind === "directory") throw new TreeError(`"${path}" is a hard link to a missing file`);
    return tree.put(path, target);
  }
  const before = tree.at(path);
  if (header.kind === "directory" && before?.kind === "directory") {
    Object.assign(before, metadataOf(header));
    return;
  }
  const kept = isListedWhole(header) ? ({ kind: "bytes", bytes: await member.read() } as const) : content;
  tree.put(path, nodeOf(header, kept));
}

function clear(tree: FileTree, path: string, own: ReadonlySet<string>): void {
  const node = tree.at(path);
  if (node?.kind !== "directory") return;
  for (const name of [...node.children.keys()]) hide(tree, joinPath(path, name), own);
}

/** A layer hides only what is below it. */
function hide(tree: FileTree, path: string, own: ReadonlySet<string>): void {
  const node = tree.at(path);
  if (!node) return;
  if (!own.has(path)) tree.remove(path);
  else if (node.kind === "directory") clear(tree, path, own);
}

function makeParents(tree: FileTree, folder: string, own: Set<string>): void {
  let place = "";
  for (const name of partsOf(folder)) {
    place += `/${name}`;
    if (tree.at(place)?.kind === "directory") continue;
    tree.put(place, newFolder({ mtime: 0 }));
    own.add(place);
  }
}

/** Returns a member's path below the root; `..` can't leave it. */
function cleanMemberPath(path: string): string {
  const parts: string[] = [];
  for (const part of partsOf(path)) {
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return `/${parts.join("/")}`;
}

function metadataOf({ mode, uid, gid, mtime, xattrs }: TarHeader) {
  return { mode, uid, gid, mtime, xattrs };
}

/** Returns the node that a member of a tar describes; not for hard links. */
export function nodeOf(header: TarHeader, content: Content): Node {
  const metadata = metadataOf(header);
  if (header.kind === "directory") return { ...newFolder(), ...metadata, kind: "directory" };
  const kind = header.kind as Leaf["kind"];
  return {
    ...metadata,
    kind,
    sizeBytes: kind === "file" ? header.sizeBytes : 0,
    ...(kind === "file" && header.sizeBytes > 0 && { content }),
    ...(kind === "symlink" && { target: header.target ?? "" }),
    ...((kind === "character" || kind === "block") && { device: header.device }),
  };
}
