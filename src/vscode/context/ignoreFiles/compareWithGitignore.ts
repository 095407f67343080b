import * as vscode from "vscode";
import type { GitOnly } from "../../../core/context/gitignore/gitOnly";
import type { LintState } from "../../../core/context/lint/state/lintState";
import { ImageBuilderError } from "../../../core/base/errors";
import { formatAmount } from "../../ui/amounts";
import { effectText } from "../model/effectText";
import { gitIgnoreFiles } from "../model/gitIgnoreFiles";
import type { IgnoreModel } from "../model/ignoreModel";
import { writeIgnoreFile } from "../model/writeIgnoreFile";
import { editOf } from "../model/fixEdit";
import { askIgnoreFile } from "../model/askContext";
import type { WithIgnoreModels } from "../model/ignoreModels";
import type { WithMemory } from "../../platform/memory";
import { offerFolder } from "../../platform/offerFolder";
import { showInformationMessage } from "../../ui/messages";
import { withProgress } from "../../ui/progress";
import { showQuickPicks, type QuickPickItem } from "../../ui/quickPick";

/** Time in milliseconds before progress is shown. */
const patienceMs = 500;

/** Shows the files that Git ignores but builds include, and adds the selected rules that exclude them. */
export async function compareWithGitignore(services: WithIgnoreModels & WithMemory, target?: unknown): Promise<void> {
  const title = vscode.l10n.t("Compare with .gitignore");
  const held = await askIgnoreFile(services, title, target);
  if (!held) return void offerFolder(vscode.l10n.t("Open a folder to compare its ignore files."));
  try {
    await compare(title, held.model);
  } finally {
    held.dispose();
  }
}

async function compare(title: string, model: IgnoreModel): Promise<void> {
  const files = await gitIgnoreFiles(model.folder.uri);
  if (!files)
    return tell(vscode.l10n.t('"{0}" is not in a Git repository.', vscode.workspace.asRelativePath(model.folder.uri)));
  const [state, { gitIgnoredButSent }] = await Promise.all([
    model.state(),
    import("../../../core/context/gitignore/gitOnly"),
  ]);
  const found = await withLateProgress(vscode.l10n.t("Comparing with .gitignore"), (signal) =>
    gitIgnoredButSent(state, files, signal),
  );
  if (found.length === 0)
    return tell(vscode.l10n.t("The image contains no files that Git ignores. No rules need to be added."));
  const addable = found.filter(({ lines }) => lines);
  if (addable.length === 0)
    return tell(
      vscode.l10n.t(
        "The image includes files that Git ignores ({0}), but no rules exclude exactly these files.",
        found.map(({ source }) => source.text).join(", "),
      ),
    );
  const chosen = await askWhich(title, addable, model.file);
  if (chosen.length === 0) return;
  const now = await model.state();
  // The result only applies to the text and files that it was computed from.
  const current =
    now === state
      ? chosen
      : (await gitIgnoredButSent(now, files)).filter((each) => chosen.some((other) => isSame(each, other)));
  if (current.length < chosen.length)
    throw new ImageBuilderError(
      "optionInvalid",
      vscode.l10n.t("The folder or its ignore file has changed. Compare again."),
    );
  await add(current, now, model);
}

interface Item extends QuickPickItem {
  readonly value?: GitOnly;
}

async function askWhich(title: string, found: readonly GitOnly[], file: string): Promise<GitOnly[]> {
  const copied = found.filter(({ copiedBy }) => copiedBy).map(itemOf);
  const items: Item[] = [
    ...found.filter(({ copiedBy }) => !copiedBy).map((value) => ({ ...itemOf(value), picked: true })),
    ...(copied.length > 0
      ? [{ label: vscode.l10n.t("Copied by name"), kind: vscode.QuickPickItemKind.Separator }]
      : []),
    ...copied,
  ];
  const placeholder = vscode.l10n.t(
    "Select rules to add to {0} for files that the image includes but Git ignores",
    file,
  );
  const picked = await showQuickPicks({ title, placeholder }, items, { matchOnDetail: true, ignoreFocusOut: true });
  return (picked ?? []).flatMap(({ value }) => value ?? []);
}

function itemOf(value: GitOnly): Item {
  const { source, lines = [], isTranslated, copiedBy, examples, ids } = value;
  const paths = [...examples, ...(ids.length > examples.length ? ["…"] : [])].join(", ");
  const adds = isTranslated
    ? vscode.l10n.t("adds {0} for {1}", lines.join("  "), paths)
    : vscode.l10n.t("adds paths: {0}", paths);
  return {
    label: source.text,
    description: vscode.l10n.t("{0} · line {1} of {2}", formatAmount(value), source.line, source.file.name),
    detail: copiedBy ? neededBy(copiedBy) : adds,
    value,
  };
}

function neededBy({ file = "Dockerfile", range }: NonNullable<GitOnly["copiedBy"]>): string {
  return vscode.l10n.t("line {0} of {1} copies it by name and would fail", range.line, file);
}

async function add(chosen: readonly GitOnly[], state: LintState, model: IgnoreModel): Promise<void> {
  const { keepOutGitIgnored } = await import("../../../core/context/gitignore/gitOnly");
  const plan = await keepOutGitIgnored(state, chosen);
  if (!plan)
    throw new ImageBuilderError(
      "optionInvalid",
      vscode.l10n.t("No rules exclude exactly these files. Add them one at a time."),
    );
  await writeIgnoreFile(model.uri, await editOf(plan.fix, model, state.ignore.hasMark));
  tell(vscode.l10n.t("{0} {1}.", model.file, effectText(plan.effect) ?? ""));
}

function isSame(a: GitOnly, b: GitOnly): boolean {
  const told = ({ source, lines, files, bytes }: GitOnly) => [
    source.file.name,
    source.line,
    source.text,
    lines,
    files,
    bytes,
  ];
  return JSON.stringify(told(a)) === JSON.stringify(told(b));
}

/** Shows progress that can be canceled, but only if the work takes longer than `patienceMs`. */
async function withLateProgress<T>(title: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stopping = new AbortController();
  const result = work(stopping.signal);
  const patience = new Promise<"slow">((resolve) => setTimeout(resolve, patienceMs, "slow"));
  if ((await Promise.race([result, patience])) !== "slow") return result;
  return withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (_, token) => {
    token.onCancellationRequested(() => stopping.abort(new vscode.CancellationError()));
    return result;
  });
}

function tell(text: string): void {
  void showInformationMessage(text);
}
