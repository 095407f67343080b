import * as vscode from "vscode";
import { messageOf } from "../../../core/base/errors";
import { back, type Answer } from "../../ui/back";
import { showWarningMessage } from "../../ui/messages";
import { pick, type Choice } from "../../ui/quickInput";
import { askLogin, type Login } from "./askLogin";
import { gitHubProviderOf, signInWithGitHub } from "./gitHubLogin";

type Way = "github" | "password" | "none";

/**
 * Asks for the login of a registry. For GitHub's registry, VS Code's own GitHub session is offered.
 *
 * @returns null if no login is needed, which `mayBeEmpty` allows
 */
export async function askRegistryLogin(
  question: Parameters<typeof askLogin>[0] & { readonly host: string },
): Promise<Answer<Login | null>> {
  const { host, ...rest } = question;
  const provider = gitHubProviderOf(host);
  if (!provider) return askLogin(rest);
  const choices: readonly Choice<Way>[] = [
    {
      label: vscode.l10n.t("Sign In with {0}", provider.displayName),
      detail: vscode.l10n.t("Uses your account in VS Code, with permission to read and write packages"),
      iconPath: new vscode.ThemeIcon("github"),
      value: "github",
    },
    {
      label: vscode.l10n.t("Enter User Name and Token..."),
      iconPath: new vscode.ThemeIcon("key"),
      value: "password",
    },
  ];
  const none: Choice<Way> = {
    label: vscode.l10n.t("No Login"),
    detail: vscode.l10n.t("Uses existing docker login credentials, or none"),
    iconPath: new vscode.ThemeIcon("circle-slash"),
    value: "none",
  };
  for (;;) {
    const way = await pick<Way>({
      ...rest,
      placeholder: vscode.l10n.t("Select how to sign in to {0}", host),
      choices: rest.mayBeEmpty ? [...choices, none] : choices,
    });
    if (way === undefined || way === back) return way;
    if (way === "none") return null;
    if (way === "password") {
      const login = await askLogin({ ...rest, canGoBack: true, mayBeEmpty: false });
      if (login !== back) return login;
      continue;
    }
    try {
      return await signInWithGitHub(provider);
    } catch (error) {
      void showWarningMessage(vscode.l10n.t("Sign-in with {0} failed: {1}", provider.displayName, messageOf(error)));
    }
  }
}
