import type { WrittenLine } from "../state/ignoreText";
import { asWritten } from "../state/fixPromise";
import { onlyStarts } from "../state/lintState";
import { docs, type Rule } from "../state/rule";

/** Rule for remarks that a builder reads as a pattern. */
export const notAComment: Rule = {
  code: "not-a-comment",
  severity: "warning",
  explanation:
    "Only a line that begins with # in the first column is a comment. " +
    "After spaces or after a pattern, # is a character of the pattern like any other.",
  docsUrl: docs.syntax,
  async *find(state) {
    const reports = (await state.view?.evaluate())?.lines;
    for (const [index, written] of state.lines.entries()) {
      const comment = commentIn(written, state.ignore.raw(written.line));
      if (!comment || (reports?.[index]?.files ?? 0) > 0) continue;
      const { pattern, text } = comment;
      const above = { line: written.line, lines: pattern === "" ? [text] : [text, pattern] };
      const title = pattern === "" ? "Make it a comment" : "Move the comment above the line";
      yield {
        range: written.range,
        message:
          pattern === ""
            ? `"${written.text}" is a pattern, not a comment: only # in the first column begins a comment.`
            : `"${text}" is part of the pattern, not a comment, so the line does not exclude "${pattern}".`,
        fixes: [
          {
            title,
            changes: [above],
            promise: asWritten,
            keeps: (effect) => pattern.startsWith("!") || !onlyStarts(effect),
          },
        ],
        explains: written.line,
      };
    }
  },
};

function commentIn(
  { text }: WrittenLine,
  raw: string,
): { readonly pattern: string; readonly text: string } | undefined {
  if (text.startsWith("#")) return raw.startsWith("#") ? undefined : { pattern: "", text };
  const gap = /\S\s+#/.exec(text);
  return gap ? { pattern: text.slice(0, gap.index + 1), text: text.slice(gap.index + gap[0].length - 1) } : undefined;
}
