import { createHash } from "node:crypto";
import type { ContextEntry } from "../context/files/contextEntry";

/**
 * What the daemon finds beside the Dockerfile: an ignore file of its own that ignores nothing, because the context is
 * filtered here. Without it the daemon would look for one in the context and could not tell that request from a `COPY
 * .dockerignore`.
 */
export async function* dockerfileEntries(name: string, bytes: Buffer): AsyncGenerator<readonly ContextEntry[]> {
  yield [file(name, bytes), file(`${name}.dockerignore`, Buffer.from("# The context is filtered already.\n"))];
}

/** The daemon takes files of equal size and time for equal, so the time is made from the bytes. */
function file(path: string, content: Buffer): ContextEntry {
  const mtimeMs = createHash("sha256").update(content).digest().readUInt32BE() * 1000;
  return { path, kind: "file", mode: 0o644, sizeBytes: content.length, mtimeMs, content };
}
