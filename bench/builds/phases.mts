import { randomBytes } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BenchContext } from "./contexts.mjs";

/**
 * Builds of a folder, in order. In the last one, the daemon has all files and repeats every step, which measures its
 * own time.
 */
export const phases = ["first", "unchanged", "one changed", "one added", "nothing to send"] as const;
export type Phase = (typeof phases)[number];

/** Changes the files as required before a build of this phase. */
export function touch({ root, changed, added }: BenchContext, phase: Phase): void {
  const file = join(root, changed);
  if (phase === "first") rmSync(join(root, added), { force: true });
  if (phase === "one changed") writeFileSync(file, randomBytes(readFileSync(file).length));
  if (phase === "one added") writeFileSync(join(root, added), randomBytes(1024));
}
