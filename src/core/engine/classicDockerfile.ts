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
 * Path of the Dockerfile in the archive, and files that are added so that the daemon finds it but the image doesn't
 * contain it.
 */
export interface PlacedDockerfile {
  readonly path: string;
  readonly overlay: ReadonlyMap<string, OverlaidFile>;
  /** Number of files in the context. */
  readonly files: number;
}

/**
 * Determines the Dockerfile's path in the archive of a classic build. A Dockerfile that is outside the context, or
 * excluded by an ignore file that the daemon doesn't receive, is sent under another name, and an ignore file in the
 * archive makes the daemon remove it before the first COPY.
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
    // The daemon removes what this ignore file excludes, as with the docker CLI; the file itself must then not change.
    overlay.set(path, await asOnDisk(path, dockerfile));
    if (!files.has(".dockerignore")) overlay.set(".dockerignore", ignoreFile);
  } else if (path === undefined || !isSent) {
    path = `.dockerfile.${createHash("sha256").update(dockerfile.bytes).digest("hex").slice(0, 12)}`;
    overlay.set(path, { content: dockerfile.bytes });
    hidden.push(path);
  }
  // Podman filters the context again by its own rules, unless it finds its own ignore file.
  if (engineInfo.product === "podman" && !files.has(".containerignore")) {
    overlay.set(".containerignore", { content: lines([".containerignore", ...hidden]) });
  } else if (hidden.length > 0) {
    const own = root !== undefined && files.has(".dockerignore") ? ignoreFileOf(root) : undefined;
    const before = own ? Buffer.concat([own.content, lines([""])]) : lines([".dockerignore"]);
    overlay.set(".dockerignore", { content: Buffer.concat([before, lines(hidden)]) });
  }
  return { path, overlay, files: files.size };
}

/**
 * Keeps the mode and time of the file on disk. Before Docker 23, the daemon may not understand the line that excludes
 * the file, and then leaves it in the image.
 */
async function asOnDisk(path: string, { file, bytes }: DockerfileSource): Promise<OverlaidFile> {
  try {
    const { mode, mtimeMs } = await stat(file);
    return { content: bytes, mode: modeOf(mode), mtimeMs };
  } catch (error) {
    throw fileUnreadable(path, error);
  }
}

/** Returns the folder's ignore file; undefined if it is a link to a file outside the folder, which must not be sent. */
function ignoreFileOf(root: string): OverlaidFile | undefined {
  try {
    const read = readFileWithin(root, join(root, ".dockerignore"));
    return read && { content: read.bytes, mode: modeOf(read.stats.mode), mtimeMs: read.stats.mtimeMs };
  } catch (error) {
    throw fileUnreadable(".dockerignore", error);
  }
}

/**
 * Returns undefined for a path outside the context, and for a link: it may lead out of the context, where the daemon
 * can't follow it.
 */
async function pathInContext(root: string | undefined, file: string): Promise<string | undefined> {
  if (root === undefined || (await lstat(file)).isSymbolicLink()) return undefined;
  return pathWithin(root, file);
}

function lines(texts: readonly string[]): Buffer {
  return Buffer.from(texts.map((text) => `${text}\n`).join(""));
}
