import { shorten } from "../../core/text/shorten";
import { visible } from "../../core/text/visible";
import type { BuildProblem } from "../builds/buildDiagnostics";

/** In characters: a terminal wraps the line, and a problem matcher reads it whole. */
const longestMessage = 1_000;

/** Returns the line of a task's terminal that the problem matcher `$image-builders` reads. */
export function problemLine({ message, location, severity }: BuildProblem): string {
  const { file, line, column = 1 } = location;
  return `${visible(file)}:${line}:${column}: ${severity}: ${shorten(visible(message), longestMessage)}`;
}
