import { randomBytes } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BenchContext } from "./contexts.mjs";

/**
 * The builds of one folder, one after the other; in the last the daemon has all files and does every step again: its
 * own time.
 */
export const phases = ["first", "unchanged", "one changed", "one added", "nothing to send"] as const;
export type Phase = (typeof phases)[number];

/** Makes the change that comes before a build. */
export function touch({ root, changed, added }: BenchContext, phase: Phase): void {
  const file = join(root, changed);
  if (phase === "first") rmSync(join(root, added), { force: true });
  if (phase === "one changed") writeFileSync(file, randomBytes(readFileSync(file).length));
  if (phase === "one added") writeFileSync(join(root, added), randomBytes(1024));
}
