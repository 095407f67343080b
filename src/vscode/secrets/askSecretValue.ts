import { readFile } from "node:fs/promises";
import * as vscode from "vscode";
import { showOpenDialog } from "../ui/fileDialog";
import { back, type Answer } from "../ui/back";
import { type } from "../ui/quickInput";

/** Value of a secret with its key. */
export interface SecretEntry {
  readonly key: string;
  readonly value: string;
}

interface Question {
  readonly title: string;
  readonly canGoBack: boolean;
}

/**
 * Asks for a key of a secret and its value.
 *
 * @param taken existing keys, which are not accepted
 */
export async function askSecretEntry(
  question: Question & { readonly taken: readonly string[]; readonly proposal?: string },
): Promise<Answer<SecretEntry>> {
  let proposal = question.proposal;
  for (;;) {
    const key = await type({
      ...question,
      value: proposal,
      prompt: vscode.l10n.t("Enter a key, such as username, password, or token"),
      placeholder: "token",
      check: (text) => {
        if (!/^[^\s{}]+$/.test(text)) return { error: vscode.l10n.t("Enter a key without spaces or braces.") };
        return question.taken.includes(text)
          ? { error: vscode.l10n.t('The key "{0}" already exists. Choose another one.', text) }
          : undefined;
      },
    });
    if (key === undefined || key === back) return key;
    proposal = key.text;
    const value = await askSecretValue({
      title: question.title,
      canGoBack: true,
      prompt: vscode.l10n.t('Enter a value for "{0}"; it is stored in VS Code\'s secret storage', key.text),
    });
    if (value !== back) return value === undefined ? undefined : { key: key.text, value };
  }
}

/**
 * Asks for a value in a masked input box. A value of several lines can be read from a file, because the box has one
 * line only.
 */
export async function askSecretValue(question: Question & { readonly prompt: string }): Promise<Answer<string>> {
  const fromFile = {
    iconPath: new vscode.ThemeIcon("folder-opened"),
    tooltip: vscode.l10n.t("Read from File..."),
  };
  for (;;) {
    const answer = await type({
      ...question,
      password: true,
      more: fromFile,
      check: (text) => (text === "" ? { error: vscode.l10n.t("Enter a value, or read it from a file.") } : undefined),
    });
    if (answer === undefined || answer === back) return answer;
    if (!answer.more) return answer.text;
    const [file] = (await showOpenDialog({ title: question.title, openLabel: vscode.l10n.t("Read Value") })) ?? [];
    if (file) return readFile(file.fsPath, "utf8");
  }
}
