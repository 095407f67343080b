import * as vscode from "vscode";
import type { SecretValues } from "../../core/credentials/secretStore";
import { askSecretEntry } from "./askSecretValue";
import { back, type Answer } from "../ui/back";
import { pick, type } from "../ui/quickInput";
import type { WithSecrets } from "../platform/secrets";

/** Asks for a secret's name, keys, and values, and stores it. Returns its name. */
export async function newSecret({ secrets }: WithSecrets): Promise<string | undefined> {
  const title = vscode.l10n.t("New Secret");
  const taken = (await secrets.list()).map(({ name }) => name);
  let name: string | undefined;
  for (;;) {
    const answer = await type({
      title,
      canGoBack: false,
      value: name,
      prompt: vscode.l10n.t("Enter a name for the secret"),
      placeholder: "registry-login",
      check: (text) => checkName(text, taken),
    });
    if (answer === undefined || answer === back) return undefined;
    name = answer.text;
    const values = await askValues(`${title}: ${name}`);
    if (values === undefined) return undefined;
    if (values === back) continue;
    await secrets.save(name, values);
    return name;
  }
}

/** Checks the name of a secret. Dots are not allowed, because a reference has the key after its first dot. */
function checkName(text: string, taken: readonly string[]): { readonly error: string } | undefined {
  if (!/^[^\s.{}]+$/.test(text)) return { error: vscode.l10n.t("Enter a name without spaces, dots, or braces.") };
  return taken.includes(text)
    ? {
        error: vscode.l10n.t(
          'The secret "{0}" already exists. Choose another name, or add a key to that secret.',
          text,
        ),
      }
    : undefined;
}

async function askValues(title: string): Promise<Answer<SecretValues>> {
  let values: SecretValues = {};
  for (;;) {
    const keys = Object.keys(values);
    const entry = await askSecretEntry({ title, canGoBack: true, taken: keys });
    if (entry === undefined) return undefined;
    if (entry === back && keys.length === 0) return back;
    if (entry !== back) values = { ...values, [entry.key]: entry.value };
    const more = await pick({
      title,
      canGoBack: false,
      placeholder: Object.keys(values).join(", "),
      choices: [
        { label: vscode.l10n.t("Store Secret"), iconPath: new vscode.ThemeIcon("check"), value: false },
        { label: vscode.l10n.t("Add Another Key..."), iconPath: new vscode.ThemeIcon("add"), value: true },
      ],
    });
    if (more === undefined || more === back) return more;
    if (!more) return values;
  }
}
