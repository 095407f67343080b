/** Maximum length of an instruction in characters; a row shows far less. */
const longestInstruction = 10_000;
const shell = "/bin/sh -c ";
const noOperation = "#(nop)";
const buildkitMark = "# buildkit";

/**
 * Returns an instruction in an image's history as in a Dockerfile, without the text that builders add before and after
 * it.
 */
export function shortInstruction(createdBy: string): string {
  if (createdBy.length > longestInstruction) return `${shortInstruction(createdBy.slice(0, longestInstruction))}…`;
  const written = withoutShell(createdBy);
  const whole = written.endsWith(buildkitMark) ? written.slice(0, -buildkitMark.length).trimEnd() : written;
  return whole.replace(/\s+/g, " ");
}

/**
 * Removes the shell, as in `/bin/sh -c #(nop) CMD`, `/bin/sh -c make`, and `RUN |1 A=b /bin/sh -c make`. In the last
 * form, build arguments are between their number and the shell.
 */
function withoutShell(text: string): string {
  if (text.startsWith(shell + noOperation)) return text.slice(shell.length + noOperation.length).trimStart();
  const start = text.startsWith("RUN ") ? "RUN ".length : 0;
  const at = afterArguments(text, start);
  return text.startsWith(shell, at) ? `RUN ${text.slice(at + shell.length)}` : text;
}

/** Returns the index after `|<number>` and its arguments of the form NAME=value; `start` if there are none. */
function afterArguments(text: string, start: number): number {
  const bar = /\|\d+ /y;
  bar.lastIndex = start;
  if (!bar.test(text)) return start;
  let at = bar.lastIndex;
  for (
    let space = text.indexOf(" ", at);
    space >= 0 && text.slice(at, space).indexOf("=") > 0;
    space = text.indexOf(" ", at)
  )
    at = space + 1;
  return at;
}
