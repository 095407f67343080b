import type { PathId, PathTree } from "../../tree/pathTree";
import type { WrittenLine } from "../state/ignoreText";
import { asWritten } from "../state/fixPromise";
import { changesNothing, type LintState } from "../state/lintState";
import { isPrecaution } from "../state/names";
import { docs, type Draft, type Rule } from "../state/rule";
import type { TreeView } from "../state/treeView";
import { nearestName } from "../../../base/nearestName";

/** Rule for patterns that match no path of the folder, not even in excluded folders. */
export const matchesNothing: Rule = {
  code: "matches-nothing",
  severity: "hint",
  explanation:
    "A pattern is compared with the whole path from the root of the build context. " +
    "A line for files that tools create now and then is useful even if they do not exist yet; " +
    "a line with a wrong path is not.",
  docsUrl: docs.matching,
  async *find(state) {
    const { view } = state;
    if (!view || view.tree.size === 0) return;
    const { lines: reports } = await view.evaluate();
    for (const [index, written] of state.lines.entries()) {
      if (state.explained.has(written.line) || (reports[index]?.files ?? 0) > 0) continue;
      if ((await view.matched(written.pattern.text)).length > 0) continue;
      yield* draftsFor(written, state, view);
    }
  },
};

async function* draftsFor(written: WrittenLine, state: LintState, view: TreeView): AsyncGenerator<Draft> {
  const { text } = written.pattern;
  // Files that Git ignores may be created later.
  if (state.subject.isGitIgnored?.(text) === true) return;
  const meant = await likelyMeant(written, view);
  if (meant === undefined && isPrecaution(text)) return;
  const exception = written.text.startsWith("!") ? "!" : "";
  const replacement =
    meant === undefined
      ? []
      : [state.replacement(written, [exception + meant], asWritten, (effect) => !changesNothing(effect))];
  yield {
    range: written.range,
    severity: meant === undefined ? undefined : "information",
    message: `"${written.text}" matches nothing in this folder${meant === undefined ? "" : `; "${meant}" would`}.`,
    fixes: [...replacement, state.deletion(written)],
    explains: written.line,
  };
}

/** Maximum number of names in a pattern that is compared with existing paths. */
const deepest = 30;

/**
 * Returns a similar pattern that matches something: without its first folders if it was written relative to a parent
 * folder, or with misspelled names corrected.
 */
async function likelyMeant(
  { pattern: { text }, text: written }: WrittenLine,
  view: TreeView,
): Promise<string | undefined> {
  const names = text.split("/");
  if (names.length > deepest) return undefined;
  const isFromAbove = /^!?\//.test(written) && view.tree.find(names[0] ?? "") === undefined && !text.startsWith("*");
  for (let i = 1; i < names.length && isFromAbove; i++) {
    const shorter = names.slice(i).join("/");
    if (!isPrecaution(shorter) && (await view.matched(shorter)).length > 0) return shorter;
  }
  return isPrecaution(text) || /[*?[\\]/.test(text) ? undefined : mendedPath(names, view.tree);
}

function mendedPath(names: readonly string[], tree: PathTree): string | undefined {
  let at: PathId = tree.root;
  const path: string[] = [];
  for (const name of names) {
    const children = tree.childrenOf(at).map((id) => tree.nameOf(id));
    const real = children.includes(name) ? name : slipOf(name, children);
    if (real === undefined) return undefined;
    path.push(real);
    at = tree.find(path.join("/")) ?? tree.root;
  }
  return path.join("/");
}

/**
 * Returns the name that was probably misspelled. Without an extension, a name may belong to a program or folder that
 * exists only at times, and with a different extension, to a file that is generated from the other; in these cases,
 * only swapped letters count as a misspelling.
 */
function slipOf(name: string, names: readonly string[]): string | undefined {
  const found = nearestName(name, names);
  if (found === undefined || isSwapped(name, found)) return found;
  const [ending, other] = [name, found].map(endingOf);
  const [stem, otherStem] = [name, found].map((each) => each.slice(0, each.lastIndexOf(".")));
  const isPlural = stem === `${otherStem}s` || otherStem === `${stem}s`;
  return ending !== undefined && ending === other && !isPlural ? found : undefined;
}

/** Returns the extension with its dot, or undefined for a name that has none or only begins with a dot. */
function endingOf(name: string): string | undefined {
  const dot = name.lastIndexOf(".");
  return dot > 0 && dot < name.length - 1 ? name.slice(dot) : undefined;
}

function isSwapped(name: string, other: string): boolean {
  return name.length === other.length && [...name].sort().join("") === [...other].sort().join("");
}
