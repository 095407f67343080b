/** Number of characters of a step's output that are kept to diagnose failures. */
const keptLength = 2_000;

/** Returns the end of a step's output after new text. */
export function endOf(written: string, text: string): string {
  return (written + text.slice(-keptLength)).slice(-keptLength);
}
