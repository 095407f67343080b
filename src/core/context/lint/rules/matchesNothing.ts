import type { PathId, PathTree } from "../../tree/pathTree";
import type { WrittenLine } from "../state/ignoreText";
import { asWritten } from "../state/fixPromise";
import { changesNothing, type LintState } from "../state/lintState";
import { isPrecaution } from "../state/names";
import { docs, type Draft, type Rule } from "../state/rule";
import type { TreeView } from "../state/treeView";
import { nearestName } from "../../../base/nearestName";

/** A pattern that no path here matches, not even in folders that are left out. */
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
  // What Git ignores comes and goes.
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

/** Paths with more names are not compared with what is there, each by each. */
const deepest = 30;

/**
 * A pattern close by that matches something: without its first folders where it is written from above, or with a name
 * mended.
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
 * The name that a slip of the finger made another one of. A name without an ending may be of a program or a folder that
 * is there only at times, and one with another ending of what is made of the file, so that there only swapped letters
 * are a slip.
 */
function slipOf(name: string, names: readonly string[]): string | undefined {
  const found = nearestName(name, names);
  if (found === undefined || isSwapped(name, found)) return found;
  const [ending, other] = [name, found].map(endingOf);
  const [stem, otherStem] = [name, found].map((each) => each.slice(0, each.lastIndexOf(".")));
  const isPlural = stem === `${otherStem}s` || otherStem === `${stem}s`;
  return ending !== undefined && ending === other && !isPlural ? found : undefined;
}

/** With its dot; nothing for a name that only begins with one. */
function endingOf(name: string): string | undefined {
  const dot = name.lastIndexOf(".");
  return dot > 0 && dot < name.length - 1 ? name.slice(dot) : undefined;
}

function isSwapped(name: string, other: string): boolean {
  return name.length === other.length && [...name].sort().join("") === [...other].sort().join("");
}
