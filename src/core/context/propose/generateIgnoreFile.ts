import { effectOf } from "../lint/state/effect";
import type { FixEffect } from "../lint/state/finding";
import { IgnoreText } from "../lint/state/ignoreText";
import { LintState, onlyStops } from "../lint/state/lintState";
import { copySourceExcluded } from "../lint/rules/copySourceExcluded";
import { takenPaths } from "../lint/state/takenPaths";
import { applyEdits, lineEdits } from "../lint/state/textEdits";
import type { TreeView } from "../lint/state/treeView";
import { allowList, unwantedLines } from "../lint/state/ignoreLists";

/** An ignore file that could be written. */
export interface GeneratedIgnoreFile {
  /**
   * Everything out and in again what is copied, before what the file says; or only lines for what no image needs, at
   * its end.
   */
  readonly kind: "allowList" | "unwanted";
  /** Those that are new. */
  readonly lines: readonly string[];
  /** All of the file. */
  readonly text: string;
  readonly effect: FixEffect;
  /** What is sent with it. */
  readonly sent: { readonly files: number; readonly bytes: number };
}

/**
 * The ignore files that a folder could do with, from what it holds and what its Dockerfiles copy; each evaluated, so
 * that it only stops sending, breaks no COPY and lets no file arrive empty. None without a tree, and where there is
 * nothing to leave out.
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

/** The file's lines after some and before others; without the byte order mark, as an editor's text is. */
function textWith({ ignore, subject }: LintState, before: readonly string[], after: readonly string[]): string {
  const text = before.map((line) => line + ignore.lineEnd).join("") + ignore.text.replace(/^\ufeff/, "");
  return applyEdits(text, lineEdits(new IgnoreText(text, subject.builder), [], after));
}

/** With as many of the lines for what no image needs as do no harm. */
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

/** Whether a list keeps nothing out that the Dockerfiles copy. */
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
