import { createHash } from "node:crypto";
import type { ContextEntry } from "../context/files/contextEntry";

const withoutRules = Buffer.from("# The context is filtered already.\n");

/**
 * Yields the entries of the Dockerfile's directory: the Dockerfile, and its own ignore file. Without that, the daemon
 * would look for one in the context, and that request can't be distinguished from a `COPY .dockerignore`.
 *
 * @param ignoreFile default is a file without rules, because the context of a build is already filtered
 */
export async function* dockerfileEntries(
  name: string,
  bytes: Buffer,
  ignoreFile: Buffer = withoutRules,
): AsyncGenerator<readonly ContextEntry[]> {
  yield [file(name, bytes), file(`${name}.dockerignore`, ignoreFile)];
}

/** The daemon treats files of equal size and time as equal, so the time is derived from the content. */
function file(path: string, content: Buffer): ContextEntry {
  const mtimeMs = createHash("sha256").update(content).digest().readUInt32BE() * 1000;
  return { path, kind: "file", mode: 0o644, sizeBytes: content.length, mtimeMs, content };
}
