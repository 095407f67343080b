import type { BuildOptions } from "../builders/buildOptions";
import { copySources } from "../dockerfile/copySources";
import { followPathsFilter } from "./session/followPaths";

/** Docker's own frontend, which reads COPY and ADD as we do. */
const dockersFrontend = /^(docker\.io\/)?docker\/dockerfile(-upstream)?([:@]|$)/;

/**
 * Which entries of its context BuildKit asks for: those that the Dockerfile copies, and everything where that cannot be told. What
 * the ONBUILD instructions of a base image copy is not known here.
 *
 * @param root absolute path of the context
 */
export function requestedPaths(dockerfile: string, { target, buildArgs }: BuildOptions, root: string | undefined): (path: string) => boolean {
  const everything = (): boolean => true;
  if (readsItsOwnWay(dockerfile, buildArgs)) return everything;
  const sources = copySources(dockerfile, buildArgs).filter(({ isReached }) => isReached || target !== undefined);
  if (sources.length === 0) return () => false;
  return sources.some(({ path }) => path === undefined) ? everything : followPathsFilter(sources.map(({ path = "" }) => path), root).wants;
}

/** Whether more than the Dockerfile's COPY and ADD decides: another frontend, or triggers of a stage. */
function readsItsOwnWay(dockerfile: string, buildArgs: Readonly<Record<string, string>> = {}): boolean {
  const syntax = buildArgs["BUILDKIT_SYNTAX"] ?? /^\ufeff?(?:(?:#|\/\/).*\r?\n)*?(?:#|\/\/)\s*syntax\s*=\s*(\S+)/i.exec(dockerfile)?.[1];
  return (syntax !== undefined && !dockersFrontend.test(syntax)) || /(?:^|\n)[^\S\n]*ONBUILD\s/i.test(dockerfile);
}
