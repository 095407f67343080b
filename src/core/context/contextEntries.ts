import { isUtf8 } from "node:buffer";
import { lstatSync, readlinkSync, type Stats } from "node:fs";
import { ImageBuilderError, messageOf, systemCodeOf } from "../errors";
import type { ContextEntry } from "./contextEntry";
import { kindOf } from "./listDirectory";
import type { FoundEntry } from "./walk";

/**
 * What a builder is told of something that a walk has found; nothing if it has vanished since or cannot be sent.
 *
 * @throws ImageBuilderError `contextUnreadable`
 */
export function contextEntry({ path, absolutePath, kind }: FoundEntry): ContextEntry | undefined {
  if (kind === "socket" || kind === "device") return undefined;
  try {
    const stats = lstatSync(absolutePath);
    // What lies there now counts, not what was listed.
    const sent = kindOf(stats);
    if (sent === "socket" || sent === "device") return undefined;
    const isFile = sent === "file";
    return {
      path,
      kind: sent,
      mode: modeOf(stats.mode),
      sizeBytes: isFile ? stats.size : 0,
      mtimeMs: stats.mtimeMs,
      linkTarget: sent === "symlink" ? linkTargetOf(absolutePath) : undefined,
      inode: isFile && stats.nlink > 1 ? inodeOf(stats, absolutePath) : undefined,
      content: isFile ? absolutePath : undefined,
    };
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT" || systemCodeOf(error) === "ENOTDIR") return undefined;
    throw fileUnreadable(path, error);
  }
}

/** Why something that was found is worth a word; nothing for what is sent as usual. */
export function remarkOn({ path, kind }: FoundEntry): string | undefined {
  if (kind === "socket" || kind === "device") return `The ${kind} "${path}" is left out of the build context: no builder takes one.`;
  return kind === "fifo" ? `"${path}" is sent as the named pipe that it is: nothing is read from it.` : undefined;
}

/** The error for a file that must be read and cannot. */
export function fileUnreadable(path: string, cause: unknown): ImageBuilderError {
  return new ImageBuilderError(
    "contextUnreadable",
    `The file "${path}" of the build context cannot be read (${messageOf(cause)}): give yourself permission to read it or keep it out by .dockerignore.`,
    { cause },
  );
}

/** The error for a file that is not what it was when it was listed. */
export function fileChanged(path: string, what: string, cause?: unknown): ImageBuilderError {
  return new ImageBuilderError("contextChanged", `The file "${path}" ${what}: build again when nothing writes to the folder.`, { cause });
}

/** The mode that is sent: Windows has no bit for what may be executed, so there everything may, as with the docker CLI. */
export function modeOf(mode: number): number {
  return process.platform === "win32" ? (mode & 0o755) | 0o111 : mode & 0o7777;
}

/** Nothing on Windows, where the docker CLI sends no hard links either. */
function inodeOf({ dev, ino }: Stats, file: string): string | undefined {
  if (process.platform === "win32") return undefined;
  if (Number.isSafeInteger(dev) && Number.isSafeInteger(ino)) return `${dev} ${ino}`;
  // Rounded numbers could make one file of two.
  const exact = lstatSync(file, { bigint: true });
  return `${exact.dev} ${exact.ino}`;
}

function linkTargetOf(link: string): string {
  const target = readlinkSync(link, { encoding: "buffer" });
  if (!isUtf8(target)) throw new Error("the target of the link is not UTF-8");
  return process.platform === "win32" ? target.toString("utf8").replaceAll("\\", "/") : target.toString("utf8");
}
