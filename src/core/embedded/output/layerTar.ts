import { paddingBytes, tarEnd, tarHeader, type TarEntry } from "../../context/files/tarHeader";
import type { LayerEntry } from "../run/layerEntries";
import { readContent } from "../run/readContent";
import type { Content, Leaf } from "../tree/node";

const chunkBytes = 256 * 1024;

/** Reads content that is not where its file is listed; see `Spool`. */
export type ReadElsewhere = (content: Content) => AsyncIterable<Buffer> | undefined;

/**
 * Writes a layer as a tar, in chunks of at least 256 KiB but for the last. Equal layers give equal bytes.
 *
 * @throws what reading the files throws
 */
export async function* layerTar(
  entries: readonly LayerEntry[],
  elsewhere: ReadElsewhere,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of pieceOf(entries, elsewhere, signal)) {
    signal.throwIfAborted();
    pieces.push(piece);
    length += piece.length;
    if (length < chunkBytes) continue;
    yield Buffer.concat(pieces, length);
    [pieces, length] = [[], 0];
  }
  yield Buffer.concat([...pieces, tarEnd]);
}

async function* pieceOf(
  entries: readonly LayerEntry[],
  elsewhere: ReadElsewhere,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const names = new Map<Leaf, string>();
  for (const { path, node } of entries) {
    const name = path.slice(1);
    // The root has no name; the entries below it imply it.
    if (name === "") continue;
    if (!node) {
      yield tarHeader({ path: name, kind: "file", mode: 0o600, sizeBytes: 0 }, 0);
      continue;
    }
    const { kind, mode, uid, gid, xattrs } = node;
    const common = { path: name, kind, mode, uid, gid, xattrs };
    if (node.kind === "directory") {
      yield tarHeader({ ...common, sizeBytes: 0 }, node.mtime * 1000);
      continue;
    }
    const first = names.get(node);
    if (first !== undefined) {
      yield tarHeader({ ...common, kind: "file", sizeBytes: 0, linkTarget: first }, node.mtime * 1000);
      continue;
    }
    names.set(node, name);
    yield tarHeader({ ...common, ...ownOf(node) }, node.mtime * 1000);
    if (!node.content) continue;
    yield* elsewhere(node.content) ?? readContent(node.content, node.sizeBytes, signal);
    yield Buffer.alloc(paddingBytes(node.sizeBytes));
  }
}

function ownOf({ kind, sizeBytes, target, device }: Leaf): Pick<TarEntry, "sizeBytes" | "linkTarget" | "device"> {
  return { sizeBytes, ...(kind === "symlink" && { linkTarget: target }), device };
}
