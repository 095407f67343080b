import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";
import * as vscode from "vscode";
import { contactedHost } from "../../core/base/contactedHost";
import type { Mount } from "../../core/dockerfile/mounts";
import { back, type Answer } from "../ui/back";
import { pick, type, type Choice } from "../ui/quickInput";
import { withValue } from "../ui/withValue";
import { expandHome } from "../../core/base/homePath";

type Agents = Readonly<Record<string, string>>;

/**
 * Asks which SSH agent or key a build may use, for each id in the Dockerfile.
 *
 * @param settings agents from the settings, used unless this build overrides them
 * @returns undefined if a prompt was dismissed
 */
export async function askSsh(
  title: string,
  mounts: readonly Mount[],
  settings: Agents,
  start: Agents,
): Promise<Answer<Agents>> {
  const ids = [...new Set([...mounts.map(({ id }) => id), ...Object.keys(start)])];
  let agents = start;
  for (;;) {
    const id =
      ids.length === 1
        ? ids[0]
        : await pick({
            title,
            canGoBack: true,
            placeholder: vscode.l10n.t("Select an SSH mount"),
            choices: choicesOf(ids, { ...settings, ...agents }),
            proposed: agents === start ? 1 : 0,
          });
    if (id === undefined) return undefined;
    if (id === back) return agents;
    const agent = await askAgent(`${title}: ${id}`, agents[id]);
    if (agent === undefined) return undefined;
    if (agent !== back) agents = withValue(agents, id, agent);
    if (ids.length === 1) return agents;
  }
}

/** Describes an SSH agent or key in a few words. */
export function describeAgent(agent: string): string {
  return agent === "agent" ? vscode.l10n.t("your SSH agent") : agent;
}

function choicesOf(ids: readonly string[], agents: Agents): Choice<string | typeof back>[] {
  return [
    { label: vscode.l10n.t("Done"), iconPath: new vscode.ThemeIcon("check"), value: back },
    ...ids.map((id) => {
      const agent = agents[id];
      return {
        label: id,
        description: agent === undefined ? vscode.l10n.t("not forwarded") : describeAgent(agent),
        value: id,
      };
    }),
  ];
}

async function askAgent(title: string, before: string | undefined): Promise<Answer<string | null>> {
  const choices: Choice<string | null>[] = [
    {
      label: vscode.l10n.t("Your SSH Agent"),
      description: process.env["SSH_AUTH_SOCK"] ?? vscode.l10n.t("SSH_AUTH_SOCK is not set"),
      iconPath: new vscode.ThemeIcon("key"),
      value: "agent",
    },
    { label: vscode.l10n.t("Private Key or Socket..."), iconPath: new vscode.ThemeIcon("file"), value: "" },
    { label: vscode.l10n.t("None"), iconPath: new vscode.ThemeIcon("circle-slash"), value: null },
  ];
  const chosen = await pick({
    title,
    canGoBack: true,
    placeholder: vscode.l10n.t("Select an agent or key; the build can list your keys and sign with them while it runs"),
    choices,
  });
  if (chosen !== "") return chosen;
  const typed = await type({
    title,
    canGoBack: true,
    prompt: vscode.l10n.t(
      "Enter the path of a private key without a passphrase, or of an agent's socket: absolute or starting with ~/",
    ),
    value: before === "agent" ? undefined : before,
    placeholder: "~/.ssh/id_ed25519",
    check: (text) => {
      const path = expandHome(text);
      // Typing it must not sign in to another computer: the build asks before it does.
      return isAbsolute(path) && (contactedHost(path) !== undefined || existsSync(path))
        ? undefined
        : { error: vscode.l10n.t("Can't find a key or socket at this path.") };
    },
  });
  return typed === undefined || typed === back ? typed : typed.text;
}
