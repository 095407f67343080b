import { asWritten } from "../state/fixPromise";
import { docs, type Rule } from "../state/rule";

const invisible = /[\ufeff\u200b\u2060\u00ad]/g;

/** Rule for bytes and characters that builders read differently from how they look. */
export const unreadableText: Rule = {
  code: "unreadable-text",
  severity: "error",
  explanation:
    "Builders read an ignore file as UTF-8, with lines of up to 65,535 bytes. " +
    "BuildKit receives the patterns in a header, which must be valid UTF-8 and, if all are ASCII, free of " +
    "control characters. A UTF-16 file is read without an error and excludes no files. " +
    "Invisible characters are part of the pattern.",
  docsUrl: docs.syntax,
  *find(state) {
    const { ignore } = state;
    for (const { file, isUtf16 } of state.subject.dockerfiles) {
      const range = { line: 1, column: 1, endLine: 1, endColumn: 1 };
      if (isUtf16)
        yield { file, range, message: `${file} is encoded in UTF-16, so every build fails. Save it as UTF-8.` };
    }
    if (ignore.isUtf16) {
      const message =
        "This file is encoded in UTF-16, so builders exclude no files and send everything. Save it as UTF-8.";
      yield { range: state.top, message };
      return;
    }
    for (const { line, reason, remedy } of ignore.problems) {
      if (line === undefined || !/token too long|non-printable|invalid UTF-8/.test(reason)) continue;
      const cleaned = ignore
        .raw(line)
        .replaceAll("\t", " ")
        .replace(/[\0-\x1f\x7f]/g, "");
      const withoutControl = {
        ...state.replacement({ line }, [cleaned], asWritten),
        title: "Remove the control character",
      };
      yield {
        range: ignore.rangeOf(line),
        message: `${whatHappens(reason)} ${remedy}`,
        fixes: reason.includes("non-printable") ? [withoutControl] : [],
        explains: line,
      };
    }
    for (const written of state.lines) {
      const cleaned = written.text.replace(invisible, "");
      if (cleaned === written.text) continue;
      yield {
        range: written.range,
        severity: "warning",
        message: `The line looks like "${cleaned}" but contains an invisible character, which is part of the pattern.`,
        fixes:
          cleaned === ""
            ? [state.deletion(written)]
            : [{ ...state.replacement(written, [cleaned], asWritten), title: "Remove the invisible character" }],
        explains: written.line,
      };
    }
  },
};

function whatHappens(reason: string): string {
  if (reason.includes("token too long")) return "Every build fails here: the line is too long.";
  return reason.includes("non-printable")
    ? "Every build with BuildKit fails here: the line contains a control character."
    : "Every build with BuildKit fails here: the line is not UTF-8.";
}
