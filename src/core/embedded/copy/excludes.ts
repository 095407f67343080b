import { cleanPath, trimSpace } from "../../base/goText";
import { faultInGlob } from "../../context/dockerignore/globSyntax";
import { IgnoreList } from "../../context/dockerignore/ignoreList";
import { TreeError } from "../tree/treeError";

/**
 * Returns the list that the values of `--exclude` make; undefined where there are none.
 *
 * @throws TreeError for a pattern that BuildKit refuses
 */
export function excludesOf(values: readonly string[]): IgnoreList | undefined {
  const patterns = values
    .map(trimSpace)
    .filter((value) => value !== "")
    .map((value) => cleanPath(value))
    .map((text) => ({ text: text.startsWith("!") ? text.slice(1) : text, exception: text.startsWith("!") }));
  if (patterns.length === 0) return undefined;
  const list = new IgnoreList(patterns, "buildkit");
  const isInvalid =
    patterns.some(({ text }) => text === "" || faultInGlob(text) !== undefined) ||
    list.root.lines.some(({ line }) => line.problem);
  if (isInvalid) throw new TreeError("an invalid pattern of --exclude");
  return list;
}
