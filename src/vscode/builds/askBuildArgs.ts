import * as vscode from "vscode";
import type { DockerfileArg } from "../../core/dockerfile/dockerfile";
import { back } from "../ui/back";
import { pick, type, type Choice } from "../ui/quickInput";

type Values = Readonly<Record<string, string>>;

/**
 * Asks for build arguments, those that the Dockerfile declares and others, until the person goes back.
 *
 * @returns undefined if a prompt was dismissed
 */
export async function askBuildArgs(
  title: string,
  declared: readonly DockerfileArg[],
  start: Values,
): Promise<Values | undefined> {
  let values = start;
  for (;;) {
    const choices = choicesOf(declared, values);
    const chosen = await pick<DockerfileArg | typeof back>({
      title,
      canGoBack: true,
      placeholder: vscode.l10n.t("Select a build argument"),
      choices,
      proposed: values === start ? 1 : 0,
    });
    if (chosen === undefined) return undefined;
    if (chosen === back) return values;
    const changed = await askValue(title, chosen, values);
    if (changed === undefined) return undefined;
    values = changed;
  }
}

function choicesOf(declared: readonly DockerfileArg[], values: Values): Choice<DockerfileArg | typeof back>[] {
  const others = Object.keys(values).filter((name) => !declared.some((arg) => arg.name === name));
  const args = [...declared, ...others.map((name): DockerfileArg => ({ name }))];
  return [
    { label: vscode.l10n.t("Done"), iconPath: new vscode.ThemeIcon("check"), value: back },
    ...args.map((arg) => {
      const value = values[arg.name];
      const description =
        value !== undefined
          ? `= ${value}`
          : arg.defaultValue !== undefined
            ? vscode.l10n.t("default: {0}", arg.defaultValue)
            : vscode.l10n.t("not set");
      return { label: arg.name, description, value: arg };
    }),
    { label: vscode.l10n.t("Another..."), iconPath: new vscode.ThemeIcon("add"), value: { name: "" } },
  ];
}

/** Asks for one value. `back` leaves the values unchanged; an empty text removes the argument. */
async function askValue(title: string, arg: DockerfileArg, values: Values): Promise<Values | undefined> {
  const named = arg.name !== "";
  const answer = await type({
    title,
    canGoBack: true,
    prompt: named
      ? vscode.l10n.t("Enter the value of {0}; leave empty to use the Dockerfile's default", arg.name)
      : vscode.l10n.t("Enter the argument as NAME=value"),
    value: named ? values[arg.name] : undefined,
    placeholder: named ? arg.defaultValue : "VERSION=1.2",
    check: (text) =>
      named || /^\w+=/.test(text) ? undefined : { error: vscode.l10n.t("Enter a name, an equals sign, and a value.") },
  });
  if (answer === undefined) return undefined;
  if (answer === back) return values;
  const [name, value] = named
    ? [arg.name, answer.text]
    : [answer.text.slice(0, answer.text.indexOf("=")), answer.text.slice(answer.text.indexOf("=") + 1)];
  return Object.fromEntries(Object.entries({ ...values, [name]: value }).filter(([, each]) => each !== ""));
}
