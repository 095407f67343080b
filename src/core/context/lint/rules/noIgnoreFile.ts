import { allowList, unwantedLines } from "../state/ignoreLists";
import { type FixPlan, type LintState, onlyStops } from "../state/lintState";
import { isAtOrBelow } from "../state/pathPatterns";
import { docs, type Rule } from "../state/rule";
import { takenPaths } from "../state/takenPaths";
import { countOf, sizeOf } from "../state/words";

/** Rule for a context without an ignore file. */
export const noIgnoreFile: Rule = {
  code: "no-ignore-file",
  severity: "hint",
  explanation:
    "Without an ignore file, a build may read the whole folder: version history, installed packages, secrets. " +
    "If the Dockerfile names the files that it copies, a list of files to include is the shortest.",
  docsUrl: docs.files,
  async *find(state) {
    const { view, subject } = state;
    if (!view || !subject.isMissing) return;
    const { sent } = await view.evaluate();
    const unwanted = await unwantedLines(subject, view);
    const dockerfile = subject.dockerfiles[0];
    const { tree } = view;
    const isTaken = takenPaths({ ...subject, builder: "buildkit" }, tree);
    const isNotCopied = (path: string): boolean => !isTaken(tree.find(path) ?? tree.root);
    const isUnwanted = (path: string): boolean => isAtOrBelow(path, unwanted.paths);
    const lists = [
      creation(state, allowList(subject.dockerfiles.flatMap(({ sources }) => sources)), isNotCopied),
      creation(state, unwanted.lines, isUnwanted),
      creation(state, unwanted.names, isUnwanted),
    ];
    const example = unwanted.lines.slice(0, 3).join(", ");
    const what =
      unwanted.lines.length > 0
        ? `${countOf(unwanted.files, "file")} not needed in an image would be sent to the builder (${example})`
        : `the whole folder is the build context, ${countOf(sent.files, "file")}, ${sizeOf(sent.bytes)}`;
    yield {
      file: dockerfile?.file,
      range: dockerfile ? firstLine(dockerfile.text) : state.top,
      severity: unwanted.lines.length > 0 ? "warning" : undefined,
      message: `There is no ${subject.file}: ${what}.`,
      fixes: lists.filter(({ append = [] }) => append.length > 0),
    };
  },
};

/**
 * Plans an ignore file that excludes only what `stops` accepts: paths that the Dockerfiles don't copy, or that no image
 * needs.
 */
function creation(state: LintState, lines: readonly string[], stops: (path: string) => boolean): FixPlan {
  const title = `Create ${state.subject.file} with ${countOf(lines.length, "line")}`;
  return { title, append: lines, promise: { stops }, keeps: (effect) => onlyStops(effect) };
}

function firstLine(text: string) {
  const lines = text.split("\n");
  const at = Math.max(
    lines.findIndex((line) => /^\s*FROM\s/i.test(line)),
    0,
  );
  return { line: at + 1, column: 1, endLine: at + 1, endColumn: (lines[at]?.replace(/\r$/, "").length ?? 0) + 1 };
}
