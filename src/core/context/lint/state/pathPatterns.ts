import { compiledIfValid } from "../../dockerignore/compilePattern";

/** Maximum number of a pattern's segments from which samples are created. */
const deepest = 30;
/** Maximum number of samples of a pattern; each `**` doubles them. */
const mostInstances = 8;
/** Samples of this length or longer are dropped. */
const longestPath = 1000;

/** Returns a test of whether one of the patterns matches a path or a folder above it. Skips invalid patterns. */
export function matcherOf(texts: readonly string[]): (path: string) => boolean {
  const matchers = texts.flatMap((text) => compiledIfValid(text)?.automaton ?? []);
  return (path) =>
    matchers.length > 0 && withFolders(path).some((each) => matchers.some((one) => one.run(one.start, each).accepts));
}

/** Returns a path and the folders above it, outermost first. */
export function withFolders(path: string): string[] {
  const names = path.split("/");
  return names.map((_, index) => names.slice(0, index + 1).join("/"));
}

/** Whether a path equals or is below one of the others. */
export function isAtOrBelow(path: string, others: ReadonlySet<string>): boolean {
  return withFolders(path).some((each) => others.has(each));
}

/** Returns sample paths that a pattern matches: `*` becomes `new`, and `**` becomes no folder and two folders. */
export function instancesOf(text: string): string[] {
  let found = [""];
  for (const name of text.split("/").slice(0, deepest)) {
    const choices = name === "**" ? ["", "deep/er"] : [instanceOf(name)];
    found = found
      .flatMap((before) => choices.map((choice) => [before, choice].filter(Boolean).join("/")))
      .slice(0, mostInstances);
  }
  return [...new Set(found.map((path) => (text.endsWith("**") ? `${path}/new.txt`.replace(/^\//, "") : path)))].filter(
    isPath,
  );
}

function instanceOf(name: string): string {
  return withoutClasses(name).replace(/\*+/g, "new").replace(/\?/g, "n").replace(/\\(.)/g, "$1");
}

/** Returns a pattern in which each class is replaced with its first character. */
export function withoutClasses(text: string): string {
  let result = "";
  for (let at = 0; at < text.length; at++) {
    const close = text[at] === "[" ? text.indexOf("]", at + 2) : -1;
    if (text[at] === "[" && close < 0) return result + text.slice(at);
    if (close < 0) result += text[at] ?? "";
    else
      result += text
        .slice(at + 1, close)
        .replace(/^\^/, "")
        .slice(0, 1);
    at = Math.max(at, close);
  }
  return result;
}

function isPath(path: string): boolean {
  return (
    path !== "" &&
    path.length < longestPath &&
    path.split("/").every((name) => name !== "" && name !== "." && name !== "..")
  );
}
