/** Length in characters of a line of comments: previews are next to the spec, where a long line would be cut off. */
const lineLength = 72;

/** Writes a text as comment lines, which are longer than 72 characters only for a longer word. */
export function commentLines(text: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter(Boolean)) {
    if (line !== "" && line.length + 1 + word.length > lineLength) {
      lines.push(line);
      line = "";
    }
    line += line === "" ? word : ` ${word}`;
  }
  return [...lines, line].map((each) => `# ${each}\n`).join("");
}
