/** What a failure is looked for in. */
const keptLength = 2_000;

/** The end of what a step has written so far. */
export function endOf(written: string, text: string): string {
  return (written + text.slice(-keptLength)).slice(-keptLength);
}
