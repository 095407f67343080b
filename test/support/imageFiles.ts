import { createHash } from "node:crypto";
import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { extract, type Header } from "tar-stream";
import { askDaemon, given } from "./engine";

/** One thing in an image, as its layer has it. */
export interface ImageFile {
  readonly type: string;
  readonly mode: number;
  readonly owner: string;
  readonly sizeBytes: number;
  readonly link: string;
  /** Seconds since 1970, as the layer writes them. */
  readonly mtime: string;
  /** SHA-256 of the content. */
  readonly content: string;
}

/** What the daemon of the tests keeps in the last layer of an image, by path; a directory's has no slash at its end. */
export async function filesOfLastLayer(imageName: string): Promise<Map<string, ImageFile>> {
  const { RootFS } = (await askDaemon(`/images/${imageName}/json`)) as {
    readonly RootFS: { readonly Layers?: readonly string[] | null };
  };
  // Docker 20 cannot save an image that has no layer.
  if ((RootFS.Layers ?? []).length === 0) return new Map<string, ImageFile>();
  const asked = request({
    socketPath: given("DOCKER_HOST").replace("unix://", ""),
    path: `/images/${imageName}/get`,
  }).end();
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  if (answer.statusCode !== 200)
    throw new Error(`the daemon does not give the image ${imageName}: ${String(await buffer(answer))}`);
  const parts = new Map<string, Buffer>();
  for await (const entry of answer.pipe(extract())) parts.set(entry.header.name, await buffer(entry));
  const [image] = JSON.parse(String(parts.get("manifest.json"))) as { readonly Layers: readonly string[] | null }[];
  const layer = parts.get(image?.Layers?.at(-1) ?? "");
  return layer ? filesOf(layer) : new Map<string, ImageFile>();
}

async function filesOf(layer: Buffer): Promise<Map<string, ImageFile>> {
  const tar = layer[0] === 0x1f && layer[1] === 0x8b ? gunzipSync(layer) : layer;
  const files = new Map<string, ImageFile>();
  for await (const entry of Readable.from([tar]).pipe(extract())) {
    const path = entry.header.name.replace(/^\.?\//, "").replace(/\/$/, "");
    if (path !== "") files.set(path, imageFile(entry.header, await buffer(entry)));
    else entry.resume();
  }
  return files;
}

function imageFile({ type, mode, uid, gid, size, linkname, mtime, pax }: Header, content: Buffer): ImageFile {
  return {
    type: String(type),
    mode: mode ?? 0,
    owner: `${uid}:${gid}`,
    sizeBytes: size ?? 0,
    link: linkname ?? "",
    mtime:
      (pax as Readonly<Record<string, string>> | null | undefined)?.["mtime"] ?? String((mtime?.getTime() ?? 0) / 1000),
    content: createHash("sha256").update(content).digest("hex"),
  };
}
