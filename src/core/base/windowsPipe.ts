import { networkHost } from "./networkPath";

/**
 * Returns whether a path names a pipe of Windows on this machine, such as `//./pipe/docker_engine`, which has no entry
 * to look at.
 */
export function isWindowsPipe(path: string): boolean {
  return /^(?:\/\/|\\\\)[.?][/\\]pipe[/\\]/.test(path) && networkHost(path) === undefined;
}
