import type { LintState } from "./lintState";

/**
 * Returns the number of the line that builders reject, or that fails when they try it on these files; undefined if
 * builds don't fail.
 */
export async function stoppingLine({ ignore, uncompiled, view }: LintState): Promise<number | undefined> {
  const refused = ignore.problems.find(({ line }) => line !== undefined)?.line;
  if (refused !== undefined || uncompiled.length === 0) return refused;
  const failure = (await view?.with(ignore.lines.map(({ pattern }) => pattern)).evaluate())?.failure;
  return failure && ignore.lines[failure.index]?.line;
}
