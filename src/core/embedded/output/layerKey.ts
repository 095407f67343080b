import { createHash, type Hash } from "node:crypto";
import type { ContextEntry } from "../../context/files/contextEntry";
import type { NewLayer } from "../run/layerEntries";
import type { Content, Leaf } from "../tree/node";

/**
 * Returns a key that two layers share only if their bytes are equal, without reading their files: files on disk count
 * by inode, size, and times.
 *
 * @param packing what else determines the packed bytes
 * @returns undefined if the bytes of a file have no such identity
 */
export function layerKey({ entries }: NewLayer, packing: string): string | undefined {
  const hash = createHash("sha256").update(packing);
  const names = new Map<Leaf, number>();
  for (const [index, { path, node }] of entries.entries()) {
    if (!node) {
      add(hash, path, "hidden");
      continue;
    }
    const { kind, mode, uid, gid, mtime, xattrs = [] } = node;
    add(hash, path, kind, mode, uid, gid, mtime);
    for (const [name, value] of xattrs) add(hash, name, value.toString("base64"));
    if (node.kind === "directory") continue;
    const first = names.get(node);
    if (first === undefined) names.set(node, index);
    const identity = node.content ? identityOf(node.content) : "";
    if (identity === undefined) return undefined;
    add(hash, first, node.sizeBytes, node.target, node.device?.major, node.device?.minor, identity);
  }
  return hash.digest("hex");
}

/** A file system's clock ticks at least as often, if its times have fractions of a second. */
const tickMs = 100;
const coarseTickMs = 2_100;

/**
 * Whether a later change of a layer's files will show in their times: a file that was changed just before it was listed
 * may change again within the same tick of the clock.
 *
 * @param listedMs when listing the files began, in milliseconds since 1970
 * @see https://git-scm.com/docs/racy-git
 */
export function showsChanges({ entries }: NewLayer, listedMs: number): boolean {
  return entries.every(({ node }) => {
    if (!node || node.kind === "directory" || node.content?.kind !== "listed") return true;
    const { ctimeMs = 0, mtimeMs } = node.content.entry;
    const isFine = ctimeMs % 1000 !== 0;
    return Math.max(ctimeMs, mtimeMs) + (isFine ? tickMs : coarseTickMs) < listedMs;
  });
}

function identityOf(content: Content): string | undefined {
  switch (content.kind) {
    case "bytes":
      return createHash("sha256").update(content.bytes).digest("hex");
    case "listed":
      return fileIdentity(content.entry);
    case "member":
      return content.source.id === undefined ? undefined : `${content.source.id} ${content.index}`;
  }
}

function fileIdentity({ dev, ino, sizeBytes, mtimeMs, ctimeMs }: ContextEntry): string | undefined {
  return dev === undefined || ino === undefined || !ctimeMs
    ? undefined
    : [dev, ino, sizeBytes, mtimeMs, ctimeMs].join(" ");
}

function add(hash: Hash, ...fields: readonly (string | number | undefined)[]): void {
  hash.update(JSON.stringify(fields.map((field) => field ?? null)));
}
