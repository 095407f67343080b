import { existsSync } from "node:fs";
import { resolve } from "node:path";
import * as vscode from "vscode";
import type { SecretSource } from "../../core/base/buildOptions";
import { contactedHost } from "../../core/base/contactedHost";
import { onlyKey, placeOfSecret, type SecretValues } from "../../core/credentials/secretStore";
import type { Mount } from "../../core/dockerfile/mounts";
import { freeSecretName } from "../components/questions/freeSecretName";
import type { Secrets } from "../platform/secrets";
import { usersInWords } from "../secrets/secretUsers";
import { showWarningMessage } from "../ui/messages";
import { back, type Answer } from "../ui/back";
import { pick, type, type Choice } from "../ui/quickInput";
import { withValue } from "../ui/withValue";
import { expandHome } from "../../core/base/homePath";

type Sources = Readonly<Record<string, SecretSource>>;

/** A value of a stored secret, with all that the secret holds. */
interface Stored {
  readonly name: string;
  readonly key: string;
  readonly values: SecretValues;
}

interface Question {
  readonly title: string;
  /** Absolute path of the build context, the base of relative paths. */
  readonly folder: string;
  /** Secret sources from the settings, used unless this build overrides them. */
  readonly settings: Sources;
}

/**
 * Asks for the sources of build secrets until the person goes back. The result contains sources only, never values.
 *
 * @param mounts secret mounts of the Dockerfile
 * @returns undefined if a prompt was dismissed
 */
export async function askSecrets(
  question: Question,
  secrets: Secrets,
  mounts: readonly Mount[],
  start: Sources,
): Promise<Sources | undefined> {
  let sources = start;
  for (;;) {
    const id = await pick({
      ...question,
      canGoBack: true,
      placeholder: vscode.l10n.t("Select a build secret"),
      choices: choicesOf(mounts, sources, question.settings),
      proposed: sources === start ? 1 : 0,
    });
    if (id === undefined) return undefined;
    if (id === back) return sources;
    const source = await askSource({ ...question, title: `${question.title}: ${id}` }, secrets, id, sources[id]);
    if (source === undefined) return undefined;
    if (source === back) continue;
    sources = withValue(sources, id, source);
  }
}

/** Describes the source of a secret in a few words. */
export function describeSource(source: SecretSource): string {
  if ("env" in source) return vscode.l10n.t("from the environment variable {0}", source.env);
  return "file" in source
    ? vscode.l10n.t("from the file {0}", source.file)
    : vscode.l10n.t('the stored secret "{0}"', source.secret);
}

function choicesOf(mounts: readonly Mount[], sources: Sources, settings: Sources): Choice<string | typeof back>[] {
  const ids = new Set([...mounts.map(({ id }) => id), ...Object.keys(sources)]);
  return [
    { label: vscode.l10n.t("Done"), iconPath: new vscode.ThemeIcon("check"), value: back },
    ...[...ids].map((id) => {
      const source = sources[id] ?? settings[id];
      const required = mounts.some((mount) => mount.id === id && mount.required);
      const none = required ? vscode.l10n.t("required, not set") : vscode.l10n.t("not set");
      return {
        label: id,
        description: source ? describeSource(source) : none,
        iconPath: new vscode.ThemeIcon("key"),
        value: id,
      };
    }),
  ];
}

type AskSource = (
  question: Question,
  id: string,
  before: SecretSource | undefined,
) => Promise<Answer<SecretSource | null>>;

async function askSource(
  question: Question,
  secrets: Secrets,
  id: string,
  before: SecretSource | undefined,
): Promise<Answer<SecretSource | null>> {
  for (;;) {
    const choices: Choice<AskSource>[] = [
      {
        label: vscode.l10n.t("Environment Variable..."),
        iconPath: new vscode.ThemeIcon("symbol-variable"),
        value: askVariable,
      },
      { label: vscode.l10n.t("File..."), iconPath: new vscode.ThemeIcon("file"), value: askFile },
      {
        label: vscode.l10n.t("Secret Stored in VS Code..."),
        iconPath: new vscode.ThemeIcon("lock"),
        value: (...asked) => askStored(secrets, ...asked),
      },
      { label: vscode.l10n.t("Not Set"), iconPath: new vscode.ThemeIcon("circle-slash"), value: async () => null },
    ];
    const chosen = await pick({
      ...question,
      canGoBack: true,
      placeholder: vscode.l10n.t("Select where the build gets the secret from"),
      choices,
    });
    if (chosen === undefined || chosen === back) return chosen;
    const answer = await chosen(question, id, before);
    if (answer !== back) return answer;
  }
}

const askVariable: AskSource = async ({ title }, id, before) => {
  const answer = await type({
    title,
    canGoBack: true,
    prompt: vscode.l10n.t("Enter the name of the environment variable"),
    placeholder: "NPM_TOKEN",
    value: before && "env" in before ? before.env : id.toUpperCase().replace(/\W+/g, "_"),
    check: (text) => {
      if (!/^\w+$/.test(text)) return { error: vscode.l10n.t("Enter the variable's name without its value.") };
      return process.env[text] === undefined
        ? { note: vscode.l10n.t("{0} is not set in VS Code's environment.", text) }
        : undefined;
    },
  });
  return answer === undefined || answer === back ? answer : { env: answer.text };
};

const askFile: AskSource = async ({ title, folder }, _id, before) => {
  const answer = await type({
    title,
    canGoBack: true,
    prompt: vscode.l10n.t("Enter the path of the file: absolute, starting with ~/, or relative to the build context"),
    placeholder: "~/.npmrc",
    value: before && "file" in before ? before.file : "",
    check: (text) => {
      if (text === "") return { error: vscode.l10n.t("Enter the path of the file.") };
      // Typing it must not sign in to another computer: the build asks before it does.
      if (contactedHost(text, folder) !== undefined) return undefined;
      const file = resolve(folder, expandHome(text));
      return existsSync(file) ? undefined : { error: vscode.l10n.t("Can't find the file {0}.", file) };
    },
  });
  return answer === undefined || answer === back ? answer : { file: answer.text };
};

async function askStored(
  secrets: Secrets,
  { title }: Question,
  id: string,
  before: SecretSource | undefined,
): Promise<Answer<SecretSource | null>> {
  const { source, name, key, values } = await placeFor(secrets, id, before);
  if (Object.hasOwn(values, key)) {
    const chosen = await pick({
      title,
      canGoBack: true,
      placeholder: vscode.l10n.t('The secret "{0}" is already stored', source.secret),
      choices: [
        { label: vscode.l10n.t("Use It"), iconPath: new vscode.ThemeIcon("check"), value: "use" as const },
        { label: vscode.l10n.t("Replace It..."), iconPath: new vscode.ThemeIcon("edit"), value: "replace" as const },
        { label: vscode.l10n.t("Delete It"), iconPath: new vscode.ThemeIcon("trash"), value: "forget" as const },
      ],
    });
    if (chosen === undefined || chosen === back) return chosen;
    if (chosen === "use") return source;
    if (chosen === "forget") return (await deleteValue(secrets, { name, key, values })) ? null : back;
  }
  const typed = await type({
    title,
    canGoBack: true,
    password: true,
    prompt: vscode.l10n.t("Enter the secret; it is stored in VS Code's secret storage"),
    check: (text) => (text === "" ? { error: vscode.l10n.t("Enter the secret.") } : undefined),
  });
  if (typed === undefined || typed === back) return typed;
  await secrets.save(name, { ...(await secrets.readSecret(name)), [key]: typed.text });
  return source;
}

/** Returns the place of a build secret's value, which need not be stored yet: never a secret such as a login. */
async function placeFor(secrets: Secrets, id: string, before: SecretSource | undefined) {
  const named = before && "secret" in before ? before.secret : undefined;
  // A dot separates a secret from its key.
  const own = id.replaceAll(".", "_");
  const secret = named ?? own;
  const { name, key, values } = await placeOfSecret(secret, secrets);
  if (key) return { source: { secret }, name, key, values };
  const free = await freeSecretName(secrets, own);
  return { source: { secret: free }, name: free, key: onlyKey, values: {} };
}

/** Deletes one value, and the secret with its last; asks first where something in the settings uses the secret. */
async function deleteValue(secrets: Secrets, { name, key, values }: Stored): Promise<boolean> {
  const users = usersInWords(name);
  const remove = vscode.l10n.t("Delete");
  const question = vscode.l10n.t('Delete the secret "{0}"?', name);
  const detail = vscode.l10n.t("It is still used by {0}, which will fail without it.", users.join(", "));
  if (users.length > 0 && (await showWarningMessage(question, { modal: true, detail }, remove)) !== remove)
    return false;
  const others = Object.fromEntries(Object.entries(values).filter(([each]) => each !== key));
  if (Object.keys(others).length === 0) await secrets.delete(name);
  else await secrets.save(name, others);
  return true;
}
