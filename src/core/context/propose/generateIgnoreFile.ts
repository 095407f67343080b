import { effectOf } from "../lint/state/effect";
import type { FixEffect } from "../lint/state/finding";
import { IgnoreText } from "../lint/state/ignoreText";
import { LintState, onlyStops } from "../lint/state/lintState";
import { copySourceExcluded } from "../lint/rules/copySourceExcluded";
import { takenPaths } from "../lint/state/takenPaths";
import { applyEdits, lineEdits } from "../lint/state/textEdits";
import type { TreeView } from "../lint/state/treeView";
import { allowList, unwantedLines } from "../lint/state/ignoreLists";

/** Proposed ignore file. */
export interface GeneratedIgnoreFile {
  /**
   * `allowList` excludes everything and includes what is copied, before the lines of the existing file; `unwanted` only
   * adds lines at its end for files that no image needs.
   */
  readonly kind: "allowList" | "unwanted";
  /** New lines. */
  readonly lines: readonly string[];
  /** Whole text of the file. */
  readonly text: string;
  readonly effect: FixEffect;
  /** Amount that is sent with the file. */
  readonly sent: { readonly files: number; readonly bytes: number };
}

/**
 * Proposes ignore files for a folder, from its files and what its Dockerfiles copy. Each is evaluated: it only stops
 * sending files, breaks no COPY, and lets no file arrive empty. Returns an empty array without a tree, and if there is
 * nothing to exclude.
 */
export async function generateIgnoreFile(state: LintState): Promise<GeneratedIgnoreFile[]> {
  const { view, subject } = state;
  if (!view) return [];
  const allowed = allowList(subject.dockerfiles.flatMap(({ sources }) => sources));
  const first = allowed.length > 0 ? stateWith(state, textWith(state, allowed, [])) : undefined;
  const isWhole = first !== undefined && (await letsInAllCopied(state, view, first));
  const found = [
    isWhole
      ? await checked(state, view, "allowList", allowed, (await unwantedLines(subject, first.view)).lines)
      : undefined,
    await checked(state, view, "unwanted", [], (await unwantedLines(subject, view)).lines),
  ];
  return found.filter((each) => each !== undefined);
}

/** Returns the file's text with lines before and after it, without its byte order mark, as in an editor. */
function textWith({ ignore, subject }: LintState, before: readonly string[], after: readonly string[]): string {
  const text = before.map((line) => line + ignore.lineEnd).join("") + ignore.text.replace(/^\ufeff/, "");
  return applyEdits(text, lineEdits(new IgnoreText(text, subject.builder), [], after));
}

/**
 * Returns the proposal with all lines for unwanted files, or with those that do no harm by themselves; undefined if it
 * is not sound.
 */
async function checked(
  state: LintState,
  view: TreeView,
  kind: GeneratedIgnoreFile["kind"],
  allowed: readonly string[],
  unwanted: readonly string[],
): Promise<GeneratedIgnoreFile | undefined> {
  const attempt = (lines: readonly string[]) =>
    evaluated(state, view, { kind, lines: [...allowed, ...lines], text: textWith(state, allowed, lines) });
  const whole = await attempt(unwanted);
  if (whole || unwanted.length === 0) return whole;
  const harmless: string[] = [];
  for (const line of unwanted) if (await attempt([line])) harmless.push(line);
  return attempt(harmless);
}

async function evaluated(
  state: LintState,
  view: TreeView,
  { kind, lines, text }: Pick<GeneratedIgnoreFile, "kind" | "lines" | "text">,
): Promise<GeneratedIgnoreFile | undefined> {
  const after = stateWith(state, text);
  const [before, evaluation] = [await view.evaluate(), await after.view.evaluate()];
  const effect = effectOf(view.tree, await view.difference(after.view));
  const isSound =
    onlyStops(effect) &&
    evaluation.emptied.length <= before.emptied.length &&
    (await failures(after)) <= (await failures(state));
  return isSound ? { kind, lines, text, effect, sent: evaluation.sent } : undefined;
}

/** Whether a list excludes nothing that the Dockerfiles copy. */
async function letsInAllCopied(
  { subject }: LintState,
  view: TreeView,
  after: LintState & { readonly view: TreeView },
): Promise<boolean> {
  const isTaken = takenPaths({ ...subject, builder: "buildkit" }, view.tree);
  const { gone } = await view.difference(after.view);
  return view.run(function* () {
    for (const id of gone) {
      if (isTaken(id)) return false;
      yield;
    }
    return true;
  });
}

async function failures(state: LintState): Promise<number> {
  let count = 0;
  for await (const draft of copySourceExcluded.find(state)) if (draft) count++;
  return count;
}

function stateWith(state: LintState, text: string): LintState & { readonly view: TreeView } {
  const after = new LintState(text, state.subject);
  if (!after.view) throw new RangeError("There is nothing to evaluate without a tree.");
  return Object.assign(after, { view: after.view });
}
