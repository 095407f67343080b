import { cleanPath, trimSpace } from "../../base/goText";
import { IgnoreList } from "../../context/dockerignore/ignoreList";

/** The list that the values of `--exclude` make; undefined for one that BuildKit refuses, or where there are none. */
export function excludesOf(values: readonly string[]): IgnoreList | undefined {
  const patterns = values
    .map(trimSpace)
    .filter((value) => value !== "")
    .map((value) => cleanPath(value))
    .map((text) => ({ text: text.startsWith("!") ? text.slice(1) : text, exception: text.startsWith("!") }));
  return patterns.length === 0 ? undefined : new IgnoreList(patterns, "buildkit");
}
