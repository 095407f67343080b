import * as vscode from "vscode";
import { back, type Answer } from "../../ui/back";
import type { StepPlace } from "../../ui/flow";
import { type } from "../../ui/quickInput";

/** User name with its password or token. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

/**
 * Asks for a user name and a password.
 *
 * @returns null if they may be omitted and the user name was left empty
 */
export async function askLogin(
  question: StepPlace & {
    readonly title: string;
    readonly mayBeEmpty: boolean;
    readonly username?: string;
  },
): Promise<Answer<Login | null>> {
  const { mayBeEmpty, title, canGoBack, step, totalSteps } = question;
  const place = { title, canGoBack, step, totalSteps };
  let username = question.username;
  for (;;) {
    const name = await type({
      ...place,
      value: username,
      prompt: mayBeEmpty
        ? vscode.l10n.t("Enter a user name; leave empty to use existing docker login credentials, or none")
        : vscode.l10n.t("User name"),
      placeholder: "octocat",
      check: (text) => (mayBeEmpty || text !== "" ? undefined : { error: vscode.l10n.t("Enter a user name.") }),
    });
    if (name === undefined || name === back) return name;
    if (name.text === "") return null;
    username = name.text;
    const password = await type({
      ...place,
      canGoBack: true,
      password: true,
      prompt: vscode.l10n.t("Enter the password or token; it is stored in VS Code's secret storage"),
      check: (text) => (text !== "" ? undefined : { error: vscode.l10n.t("Enter the password or token.") }),
    });
    if (password === undefined) return undefined;
    if (password !== back) return { username, password: password.text };
  }
}
