import * as vscode from "vscode";
import type { LineDetails } from "../../../core/context/explain/lineFacts";
import type { WrittenLine } from "../../../core/context/lint/state/ignoreText";
import { formatAmount, formatEmptyFolders, formatFiles } from "../../ui/amounts";
import { formatBytes } from "../../../core/text/format";
import type { WithIgnoreModels } from "../model/ignoreModels";
import { lineIn, withState } from "./heldState";
import { newHover } from "../../ui/editor";
import { below, joined, linkTo, markdownString, plain, strong, type Markdown } from "../../ui/markdown";

/** Explains a rule of an ignore file: its meaning, its matches in the folder, and whether it has an effect. */
export class IgnoreHovers implements vscode.HoverProvider {
  constructor(private readonly services: WithIgnoreModels) {}

  provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    return withState(this.services, document, token, async (state, { folder }) => {
      const written = state.lines.find(({ line }) => line === position.line + 1);
      const line = written && lineIn(document, written);
      if (!written || !line) return undefined;
      const [{ patternInWords }, { detailsOfLine }] = await Promise.all([
        import("../../../core/context/explain/patternInWords"),
        import("../../../core/context/explain/lineFacts"),
      ]);
      const details = await detailsOfLine(state, written.line);
      const paragraphs = [
        meaning(written, patternInWords(written.pattern.text)),
        ...(details ? factsIn(details, folder.uri) : []),
      ];
      return newHover(
        markdownString(...paragraphs),
        new vscode.Range(line.lineNumber, line.firstNonWhitespaceCharacterIndex, line.lineNumber, line.text.length),
      );
    });
  }
}

function meaning({ pattern }: WrittenLine, words: string): Markdown {
  return plain(
    pattern.exception
      ? vscode.l10n.t("Includes {0} again if rules above exclude it.", words)
      : vscode.l10n.t("Excludes {0}.", words),
  );
}

function factsIn(details: LineDetails, folder: vscode.Uri): Markdown[] {
  const { matched, emptyFolders, examples } = details;
  if (matched.files === 0 && emptyFolders === 0) return [plain(vscode.l10n.t("No matches in this folder."))];
  const amount = matched.files > 0 ? formatAmount(matched) : formatEmptyFolders(emptyFolders);
  const links = examples.map(({ path, isDirectory, bytes }) => {
    const label = isDirectory ? `${path}/` : path;
    return joined([linkTo(vscode.Uri.joinPath(folder, path), label, isDirectory), plain(formatBytes(bytes))]);
  });
  const verdict = matched.files > 0 ? [plain(verdictOf(details))] : [];
  return [below(strong(vscode.l10n.t("Matches {0}", amount)), joined(links, "list")), ...verdict];
}

/** Describes whether the rule decides on its matches, otherwise which rule does. */
function verdictOf({ written, matched, decided, others }: LineDetails): string {
  const [other] = others;
  const isException = written.pattern.exception;
  if (decided.files === 0) return other ? nothingDecided(written, other.written) : "";
  const all = decided.files === matched.files;
  const own = isException
    ? vscode.l10n.t("It includes {0}", all ? vscode.l10n.t("all matches") : formatAmount(decided))
    : vscode.l10n.t("It excludes {0}", all ? vscode.l10n.t("all matches") : formatAmount(decided));
  if (all || !other) return `${own}.`;
  const rest = other.written
    ? vscode.l10n.t('line {0} ("{1}") applies to {2}', other.written.line, other.written.text, formatFiles(other.files))
    : vscode.l10n.t("a setting always includes {0}", formatFiles(other.files));
  return `${own}; ${rest}.`;
}

function nothingDecided(written: WrittenLine, other: WrittenLine | undefined): string {
  if (!other) {
    return written.pattern.exception
      ? vscode.l10n.t("It has no effect: no rule excludes these files.")
      : vscode.l10n.t("It has no effect: a setting always includes these files.");
  }
  return other.line > written.line
    ? vscode.l10n.t('It has no effect: line {0} below ("{1}") overrides it.', other.line, other.text)
    : vscode.l10n.t('It has no effect: line {0} above ("{1}") already applies.', other.line, other.text);
}
