import { compiledIfValid } from "../../dockerignore/compilePattern";
import type { Place } from "../../dockerignore/matcher";
import type { PathId, PathTree } from "../../tree/pathTree";
import { changesNothing } from "../state/lintState";
import { asWritten } from "../state/fixPromise";
import { isPrecaution } from "../state/names";
import { docs, type Rule } from "../state/rule";

/** Rule for patterns that would match if letter case were ignored. */
export const caseDiffers: Rule = {
  code: "case-differs",
  severity: "warning",
  explanation:
    "Builders distinguish uppercase and lowercase letters on every system. ZenML and docker-py do not, so the " +
    "two may send different files.",
  docsUrl: docs.matching,
  async *find(state) {
    const { view } = state;
    if (!view) return;
    const { lines: reports } = await view.evaluate();
    for (const [index, written] of state.lines.entries()) {
      const { text } = written.pattern;
      const hasCase = text.toUpperCase() !== text.toLowerCase() && !text.includes("\\");
      const isMaybeLater = isPrecaution(text) && !/^(?:\*\*\/)?\*?[^*?[/]*\.\w+$/.test(text);
      if (
        !hasCase ||
        isMaybeLater ||
        state.subject.isGitIgnored?.(text) === true ||
        state.explained.has(written.line) ||
        (reports[index]?.files ?? 0) > 0
      )
        continue;
      const found =
        (await view.matched(text)).length > 0
          ? undefined
          : await view.first(`case ${text}`, () => firstInOtherCase(view.tree, text));
      if (found === undefined) continue;
      const exception = written.text.startsWith("!") ? "!" : "";
      const candidates = inOtherCase(text, view.tree.pathOf(found));
      yield {
        range: written.range,
        message:
          `"${written.text}" matches nothing: ` +
          `the path is "${view.tree.pathOf(found)}", and patterns are case-sensitive.`,
        fixes: candidates.map((candidate) =>
          state.replacement(written, [exception + candidate], asWritten, (effect) => !changesNothing(effect)),
        ),
        explains: written.line,
      };
    }
  },
};

/**
 * Returns the pattern in the path's letter case if its names contain no wildcards; otherwise in lowercase and in
 * uppercase.
 */
function inOtherCase(text: string, path: string): string[] {
  const name = text.replace(/^\*\*\//, "");
  if (/[*?[]/.test(name)) return [text.toLowerCase(), text.toUpperCase()];
  return [text.slice(0, text.length - name.length) + path.slice(path.length - name.length)];
}

function* firstInOtherCase(tree: PathTree, text: string): Generator<undefined, PathId | undefined> {
  // Lowercase letters may reverse a range of a class.
  const automaton = compiledIfValid(text.toLowerCase())?.automaton;
  if (!automaton) return undefined;
  const pending: { readonly directory: PathId; readonly place: Place }[] = [
    { directory: tree.root, place: automaton.start },
  ];
  for (let next = pending.pop(); next; next = pending.pop()) {
    for (const id of tree.childrenOf(next.directory)) {
      const place = automaton.run(next.place, tree.nameOf(id).toLowerCase());
      if (place.accepts) return id;
      const below = tree.isDirectory(id) ? automaton.run(place, "/") : undefined;
      if (below && !below.dead) pending.push({ directory: id, place: below });
    }
    yield;
  }
  return undefined;
}
