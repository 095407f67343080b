import type { BuildOptions } from "../builders/buildOptions";
import { copySources } from "../dockerfile/copySources";
import { isForeignSyntax, syntaxOf } from "../dockerfile/syntax";
import { followPathsFilter } from "./session/followPaths";

/** Of a build whose Dockerfile does not tell what it asks for. */
export const everything = (): boolean => true;

/**
 * Which entries of its context BuildKit asks for: those that the Dockerfile copies, and everything where that cannot be told. What
 * the ONBUILD instructions of a base image copy is not known here.
 *
 * @param root absolute path of the context
 */
export function requestedPaths(dockerfile: string, { target, buildArgs }: BuildOptions, root: string | undefined): (path: string) => boolean {
  if (readsItsOwnWay(dockerfile, buildArgs)) return everything;
  const sources = copySources(dockerfile, buildArgs).filter(({ isReached }) => isReached || target !== undefined);
  if (sources.length === 0) return () => false;
  return sources.some(({ path }) => path === undefined) ? everything : followPathsFilter(sources.map(({ path = "" }) => path), root).wants;
}

/** Whether more than the Dockerfile's COPY and ADD decides: another frontend, or triggers of a stage. */
function readsItsOwnWay(dockerfile: string, buildArgs: Readonly<Record<string, string>> = {}): boolean {
  return isForeignSyntax(syntaxOf(dockerfile, buildArgs)) || /^[ \t]*ONBUILD\s/im.test(dockerfile);
}
