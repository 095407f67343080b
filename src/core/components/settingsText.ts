import { createScanner, findNodeAtLocation, getNodeValue, parseTree, type Node } from "jsonc-parser";
import type { EntryProblem } from "./entryProblems";

/** Problem with its position in the text of a settings file. */
export interface SettingsProblem extends EntryProblem {
  /** Position in UTF-16 units, as in VS Code. */
  readonly offset: number;
  readonly length: number;
}

/** Maximum length of a settings file in characters, and maximum nesting of its values. */
const longestSettings = 1_000_000;
const deepestSettings = 100;

/**
 * Parses the text of a settings file to a tree, and skips syntax errors, as VS Code does. Returns undefined if the text
 * is too long or too deeply nested.
 */
export function parseSettings(text: string): Node | undefined {
  if (text.length > longestSettings || isTooDeep(text)) return undefined;
  return parseTree(text, [], { allowTrailingComma: true });
}

/**
 * Returns the entries of a list in a settings file; undefined if there is no such list.
 *
 * @param path path of the list, such as `["imageBuilders.builders"]`
 */
export function listAt(
  root: Node | undefined,
  path: readonly string[],
): { readonly node: Node; readonly entries: readonly unknown[] } | undefined {
  const node = root && findNodeAtLocation(root, [...path]);
  return node?.type === "array" ? { node, entries: getNodeValue(node) as unknown[] } : undefined;
}

/**
 * Adds the positions to the problems of a list: the wrong value, the wrong key, or for a missing key the object that
 * lacks it.
 */
export function placeEntryProblems(list: Node, problems: readonly EntryProblem[]): SettingsProblem[] {
  return problems.map((problem) => {
    const { offset, length } = placeOf(list, problem);
    return { ...problem, offset, length };
  });
}

function placeOf(list: Node, { path, isKey = false }: EntryProblem): Node {
  const node = findNodeAtLocation(list, [...path]);
  if (node) return isKey ? keyOf(node) : node;
  for (let end = path.length - 1; end > 0; end--) {
    const holder = findNodeAtLocation(list, path.slice(0, end));
    if (holder) return named(holder);
  }
  return list;
}

/** An object may fill the screen, so only its key is marked, or its name if it has no key. */
function named(node: Node): Node {
  const name = findNodeAtLocation(node, ["name"]);
  return node.parent?.type === "property" ? keyOf(node) : (name ?? node);
}

function keyOf(node: Node): Node {
  return node.parent?.children?.[0] ?? node;
}

/** The parser is recursive, so nesting is limited. */
function isTooDeep(text: string): boolean {
  const scanner = createScanner(text, true);
  let depth = 0;
  for (scanner.scan(); scanner.getTokenLength() > 0; scanner.scan()) {
    const mark = scanner.getTokenLength() === 1 ? text.charAt(scanner.getTokenOffset()) : "";
    if (mark === "{" || mark === "[") depth++;
    else if (mark === "}" || mark === "]") depth--;
    if (depth > deepestSettings) return true;
  }
  return false;
}
