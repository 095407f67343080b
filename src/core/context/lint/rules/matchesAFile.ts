import { docs, type Rule } from "../state/rule";
import { countOf, examplesOf } from "../state/words";

/** Rule for patterns that end with a slash but match something that is not a folder. */
export const matchesAFile: Rule = {
  code: "matches-a-file",
  severity: "information",
  explanation:
    "Unlike in .gitignore, a slash at the end of a pattern is ignored, so the pattern excludes files as well as " +
    "folders.",
  docsUrl: docs.matching,
  async *find({ lines, view }) {
    if (!view) return;
    const { tree } = view;
    for (const { text, range, pattern, line } of lines) {
      if (!text.endsWith("/") || pattern.text === "/") continue;
      const files = (await view.matched(pattern.text)).filter((id) => !tree.isDirectory(id));
      if (files.length === 0) continue;
      const examples = examplesOf(
        files.slice(0, 3).map((id) => tree.pathOf(id)),
        files.length,
      );
      yield {
        range,
        message:
          `Line ${line} does not match only folders: the slash at the end has no effect, and ` +
          `${countOf(files.length, "file")} ${files.length === 1 ? "is" : "are"} matched too: ${examples}.`,
      };
    }
  },
};
