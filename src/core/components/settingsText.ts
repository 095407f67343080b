import { createScanner, findNodeAtLocation, getNodeValue, parseTree, type Node } from "jsonc-parser";
import type { EntryProblem } from "./entryProblems";

/** A problem with its place in a settings file's text. */
export interface SettingsProblem extends EntryProblem {
  /** In UTF-16 units, as VS Code counts. */
  readonly offset: number;
  readonly length: number;
}

/** The longest settings file that is checked, in characters, and how deep its values may stand in each other. */
const longestSettings = 1_000_000;
const deepestSettings = 100;

/**
 * A settings file's text as a tree; what is broken in it is left out, as VS Code does. Undefined for one that is too
 * long or too deep.
 */
export function parseSettings(text: string): Node | undefined {
  if (text.length > longestSettings || isTooDeep(text)) return undefined;
  return parseTree(text, [], { allowTrailingComma: true });
}

/**
 * The entries of a list in a settings file.
 *
 * @param path where the list stands, such as `["imageBuilders.builders"]`
 */
export function listAt(
  root: Node | undefined,
  path: readonly string[],
): { readonly node: Node; readonly entries: readonly unknown[] } | undefined {
  const node = root && findNodeAtLocation(root, [...path]);
  return node?.type === "array" ? { node, entries: getNodeValue(node) as unknown[] } : undefined;
}

/**
 * Finds where problems of a list stand: at the value that is wrong, at the key where that is, and where something is
 * missing, at what lacks it.
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

/** An object may fill a screen, so its key is marked, or its name where it has no key. */
function named(node: Node): Node {
  const name = findNodeAtLocation(node, ["name"]);
  return node.parent?.type === "property" ? keyOf(node) : (name ?? node);
}

function keyOf(node: Node): Node {
  return node.parent?.children?.[0] ?? node;
}

/** The parser calls itself for each value in another. */
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
