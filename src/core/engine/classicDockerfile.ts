import { createHash } from "node:crypto";
import { lstat, stat } from "node:fs/promises";
import { join } from "node:path";
import { pathWithin } from "../base/pathWithin";
import { fileUnreadable, modeOf } from "../context/files/contextEntries";
import type { OverlaidFile } from "../context/files/extraFiles";
import { readFileWithin } from "../context/files/readRegularFile";
import type { DockerfileSource } from "../context/files/dockerfileSource";
import type { BuildJob } from "./buildJob";

/**
 * Where the Dockerfile is in the archive, and what is put into the archive so that it is found and stays out of the
 * image.
 */
export interface PlacedDockerfile {
  readonly path: string;
  readonly overlay: ReadonlyMap<string, OverlaidFile>;
  /** How many files the context holds. */
  readonly files: number;
}

/**
 * Finds the Dockerfile's place in a classic build's archive. One that is outside the context, or kept out by an ignore
 * file that the daemon does not see, travels under another name, and one in the archive makes the daemon take it away
 * before the first COPY.
 */
export async function placeDockerfile(
  { context, engineInfo }: BuildJob,
  dockerfile: DockerfileSource,
): Promise<PlacedDockerfile> {
  const { root, dockerignoreFile } = context;
  const files = await context.getFiles({ builder: "classic" });
  const overlay = new Map<string, OverlaidFile>();
  let path = dockerfile.isExtraFile ? dockerfile.name : await pathInContext(root, dockerfile.file);
  const hidden: string[] = [];
  const isSent = path !== undefined && (dockerfile.isExtraFile || files.has(path));
  const ignoreFile =
    root !== undefined && dockerignoreFile === join(root, ".dockerignore") ? ignoreFileOf(root) : undefined;
  if (path !== undefined && !isSent && engineInfo.product === "docker" && ignoreFile) {
    // The daemon takes away again what this ignore file keeps out, as for the docker CLI; the file itself must not
    // change then.
    overlay.set(path, await asOnDisk(path, dockerfile));
    if (!files.has(".dockerignore")) overlay.set(".dockerignore", ignoreFile);
  } else if (path === undefined || !isSent) {
    path = `.dockerfile.${createHash("sha256").update(dockerfile.bytes).digest("hex").slice(0, 12)}`;
    overlay.set(path, { content: dockerfile.bytes });
    hidden.push(path);
  }
  // Podman filters what it is sent a second time, by rules of its own, unless it finds its own ignore file.
  if (engineInfo.product === "podman" && !files.has(".containerignore")) {
    overlay.set(".containerignore", { content: lines([".containerignore", ...hidden]) });
  } else if (hidden.length > 0) {
    const own = root !== undefined && files.has(".dockerignore") ? ignoreFileOf(root) : undefined;
    const before = own ? Buffer.concat([own.content, lines([""])]) : lines([".dockerignore"]);
    overlay.set(".dockerignore", { content: Buffer.concat([before, lines(hidden)]) });
  }
  return { path, overlay, files: files.size };
}

/** Before Docker 23 the daemon may not understand the line that keeps the file out, and leaves it in the image. */
async function asOnDisk(path: string, { file, bytes }: DockerfileSource): Promise<OverlaidFile> {
  try {
    const { mode, mtimeMs } = await stat(file);
    return { content: bytes, mode: modeOf(mode), mtimeMs };
  } catch (error) {
    throw fileUnreadable(path, error);
  }
}

/** The folder's ignore file; undefined for one that a link leads to outside, of which nothing is sent. */
function ignoreFileOf(root: string): OverlaidFile | undefined {
  try {
    const read = readFileWithin(root, join(root, ".dockerignore"));
    return read && { content: read.bytes, mode: modeOf(read.stats.mode), mtimeMs: read.stats.mtimeMs };
  } catch (error) {
    throw fileUnreadable(".dockerignore", error);
  }
}

/** A link may lead out of the context, where the daemon cannot follow it. */
async function pathInContext(root: string | undefined, file: string): Promise<string | undefined> {
  if (root === undefined || (await lstat(file)).isSymbolicLink()) return undefined;
  return pathWithin(root, file);
}

function lines(texts: readonly string[]): Buffer {
  return Buffer.from(texts.map((text) => `${text}\n`).join(""));
}
