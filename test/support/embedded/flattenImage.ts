import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { createGunzip } from "node:zlib";
import { extract, type Header } from "tar-stream";

/** A file of an image as a container sees it. */
export interface FlatFile {
  readonly type: string;
  readonly mode: string;
  readonly owner: string;
  /** Where a symlink leads, or a device's numbers. */
  readonly target?: string;
  /** Of the content. */
  readonly hash?: string;
  /** Seconds since 1970; left out for folders, whose times are those of the build. */
  readonly mtime?: number;
  /** Tells which names are one file. */
  id?: number;
}

/** An image as it lies in a registry, read past all of our own code. */
export interface FlatImage {
  readonly digest: string;
  readonly config: Record<string, unknown>;
  readonly files: Map<string, FlatFile>;
  readonly mediaTypes: readonly string[];
}

const accept = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
].join(", ");

/** Reads an image out of a registry that speaks plain HTTP. */
export async function flatImage(registry: string, repository: string, reference: string): Promise<FlatImage> {
  const base = `http://${registry}/v2/${repository}`;
  const answer = await fetch(`${base}/manifests/${reference}`, { headers: { accept } });
  assert.equal(answer.status, 200, `${repository}:${reference}`);
  const manifest = (await answer.json()) as {
    mediaType: string;
    config: { digest: string; mediaType: string };
    layers: { digest: string; mediaType: string }[];
  };
  const config = (await (await fetch(`${base}/blobs/${manifest.config.digest}`)).json()) as Record<string, unknown>;
  const files = new Map<string, FlatFile>();
  for (const { digest } of manifest.layers) {
    const bytes = Buffer.from(await (await fetch(`${base}/blobs/${digest}`)).arrayBuffer());
    assert.equal(`sha256:${createHash("sha256").update(bytes).digest("hex")}`, digest);
    await addLayer(files, bytes);
  }
  // BuildKit leaves a further name of a hard link behind where it sends one a second time.
  for (const path of [...files.keys()]) if (/(?:^|\/)\.tmp\.\d+$/.test(path)) files.delete(path);
  return {
    digest: answer.headers.get("docker-content-digest") ?? "",
    config,
    files,
    mediaTypes: [manifest.mediaType, manifest.config.mediaType, ...manifest.layers.map(({ mediaType }) => mediaType)],
  };
}

let ids = 0;

async function addLayer(files: Map<string, FlatFile>, bytes: Buffer): Promise<void> {
  const removeBelow = (path: string): void => {
    for (const each of [...files.keys()]) if (each.startsWith(`${path}/`)) files.delete(each);
  };
  const before = new Set(files.keys());
  const tar = bytes[0] === 0x1f ? Readable.from([bytes]).pipe(createGunzip()) : Readable.from([bytes]);
  for await (const entry of tar.pipe(extract())) {
    const { header } = entry;
    const path = header.name.replace(/^\.?\/+/, "").replace(/\/+$/, "");
    const content = await buffer(entry);
    if (path === "" || path === ".") continue;
    const [folder, name] = [path.slice(0, path.lastIndexOf("/") + 1), path.slice(path.lastIndexOf("/") + 1)];
    if (name === ".wh..wh..opq") {
      for (const each of before) if (each.startsWith(folder)) files.delete(each);
    } else if (name.startsWith(".wh.")) {
      files.delete(folder + name.slice(4));
      removeBelow(folder + name.slice(4));
    } else if (header.type === "link") {
      const target = files.get((header.linkname ?? "").replace(/^\.?\/+/, ""));
      assert.ok(target, `${path} -> ${header.linkname}`);
      files.set(path, target);
    } else {
      const isFolder = header.type === "directory";
      if (!isFolder) removeBelow(path);
      files.set(path, {
        type: header.type ?? "",
        mode: ((header.mode ?? 0) & 0o7777).toString(8),
        owner: ownerOf(header),
        target: header.type === "symlink" ? (header.linkname ?? "") : undefined,
        hash: header.type === "file" ? createHash("sha256").update(content).digest("hex").slice(0, 12) : undefined,
        mtime: isFolder ? undefined : Math.floor((header.mtime?.getTime() ?? 0) / 1000),
        id: isFolder ? undefined : ++ids,
      });
    }
  }
}

/** `tar-stream` leaves large ids to whoever reads the records. */
function ownerOf({ uid, gid, pax }: Header): string {
  const records = (pax ?? {}) as Readonly<Record<string, string>>;
  return `${records["uid"] ?? uid}:${records["gid"] ?? gid}`;
}

/** What differs between two images' files; times of files in `made` do not count, since the build makes them up. */
export function fileDifferences(docker: FlatImage, ours: FlatImage, made: ReadonlySet<string>): string[] {
  const differences: string[] = [];
  for (const path of [...new Set([...docker.files.keys(), ...ours.files.keys()])].sort()) {
    const [theirs, own] = [docker, ours].map(({ files }) => describe(path, files, made));
    if (theirs !== own) differences.push(`${path}: docker ${theirs ?? "nothing"}, ours ${own ?? "nothing"}`);
  }
  return differences;
}

function describe(path: string, files: ReadonlyMap<string, FlatFile>, made: ReadonlySet<string>): string | undefined {
  const file = files.get(path);
  if (!file) return undefined;
  const { id, mtime, ...rest } = file;
  const names = id === undefined ? [] : [...files].filter(([, each]) => each.id === id).map(([name]) => name);
  return JSON.stringify({
    ...rest,
    ...(mtime !== undefined && !made.has(path) && { mtime }),
    ...(names.length > 1 && { names: names.sort() }),
  });
}

/** A configuration without what the time of the build decides; layers are only counted. */
export function comparableConfig({ config }: FlatImage): unknown {
  const { history, rootfs, ...rest } = config as {
    readonly history: readonly object[];
    readonly rootfs: { readonly diff_ids: readonly string[] | null };
  };
  return {
    ...rest,
    created: undefined,
    layers: rootfs.diff_ids?.length ?? 0,
    history: history.map((step) => ({ ...step, created: undefined })),
  };
}
