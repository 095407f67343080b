import { existsSync } from "node:fs";
import { basename, resolve } from "node:path";
import * as vscode from "vscode";
import { contextSource, shownAddress } from "../../core/base/contextSource";
import { contextName } from "../../core/base/imageReference";
import { contactedHost } from "../../core/base/contactedHost";
import type { ContextsProblem } from "../../core/engine/namedContexts";
import { addFirstLine } from "./contextsSupport";
import { back } from "../ui/back";
import { pick, type, type Choice, type Remark } from "../ui/quickInput";
import { withValue } from "../ui/withValue";
import { expandHome } from "../../core/base/homePath";

type Contexts = Readonly<Record<string, string>>;

interface Question {
  readonly title: string;
  /** Absolute path of the build context, the base of relative paths. */
  readonly folder: string;
  /** Named build contexts from the settings, used unless this build overrides them. */
  readonly settings: Contexts;
  readonly dockerfile: string;
  /** Reason why a build would refuse them. */
  readonly problem: ContextsProblem | undefined;
}

/** Value of the choice for a context that the Dockerfile doesn't name; no context has such a name. */
const addLine = " ";

/**
 * Asks for sources that replace stages and images of the Dockerfile, by name, until the person goes back.
 *
 * @returns undefined if a prompt was dismissed
 */
export async function askBuildContexts(question: Question, start: Contexts): Promise<Contexts | undefined> {
  let contexts = start;
  let { problem } = question;
  for (;;) {
    const name = await pick<string | typeof back>({
      title: question.title,
      canGoBack: true,
      placeholder: problem?.message ?? vscode.l10n.t("Select a named build context to change, or add one"),
      choices: choicesOf({ ...question.settings, ...contexts }, question.dockerfile, problem?.missingLine),
      proposed: contexts === start ? 1 : 0,
    });
    if (name === undefined) return undefined;
    if (name === back) return contexts;
    if (name === addLine) {
      await addFirstLine(question.dockerfile, problem?.missingLine ?? "");
      problem = undefined;
      continue;
    }
    const changed = name === "" ? await askNew(question, contexts) : await askSource(question, name, contexts);
    if (changed === undefined) return undefined;
    contexts = changed;
  }
}

function choicesOf(
  contexts: Contexts,
  dockerfile: string,
  missingLine: string | undefined,
): Choice<string | typeof back>[] {
  return [
    { label: vscode.l10n.t("Done"), iconPath: new vscode.ThemeIcon("check"), value: back },
    ...(missingLine === undefined
      ? []
      : [
          {
            label: vscode.l10n.t('Add "{0}" to {1}', missingLine, basename(dockerfile)),
            detail: vscode.l10n.t("The daemon then downloads this frontend, which supports named build contexts."),
            iconPath: new vscode.ThemeIcon("lightbulb"),
            value: addLine,
          },
        ]),
    ...Object.entries(contexts).map(([name, source]) => ({
      label: name,
      description: shownAddress(source),
      iconPath: new vscode.ThemeIcon("folder-library"),
      value: name,
    })),
    { label: vscode.l10n.t("Another..."), iconPath: new vscode.ThemeIcon("add"), value: "" },
  ];
}

async function askNew(question: Question, contexts: Contexts): Promise<Contexts | undefined> {
  const answer = await type({
    title: question.title,
    canGoBack: true,
    prompt: vscode.l10n.t("Enter the name used in the Dockerfile in FROM, COPY --from, or a mount"),
    placeholder: "shared",
    check: (text) =>
      contextName(text) === undefined
        ? { error: vscode.l10n.t("Use the form of an image name, such as app or alpine:3.20.") }
        : undefined,
  });
  if (answer === undefined) return undefined;
  return answer === back ? contexts : askSource(question, answer.text, contexts);
}

/**
 * Asks for the source of one named build context. `back` leaves the contexts unchanged; an empty text removes this one.
 */
async function askSource(
  { title, folder, settings }: Question,
  name: string,
  contexts: Contexts,
): Promise<Contexts | undefined> {
  const answer = await type({
    title: `${title}: ${name}`,
    canGoBack: true,
    prompt: vscode.l10n.t(
      "Enter a folder (relative to the context), docker-image://<name>, oci-layout://<folder>, https://… or git@…",
    ),
    value: contexts[name] ?? settings[name],
    placeholder: "../shared",
    check: (text) => (text === "" ? remarkOnEmpty(name, contexts, settings) : problemOf(text, folder)),
  });
  if (answer === undefined) return undefined;
  if (answer === back) return contexts;
  return withValue(contexts, name, answer.text === "" ? null : answer.text);
}

/** A context of this build can be taken away, one of the settings only gets another source, and a new one needs one. */
function remarkOnEmpty(name: string, contexts: Contexts, settings: Contexts): Remark {
  const isGiven = Object.hasOwn(contexts, name);
  if (Object.hasOwn(settings, name))
    return isGiven
      ? { note: vscode.l10n.t("Press Enter to use the source in Settings: {0}", settings[name] ?? "") }
      : { error: vscode.l10n.t('Enter a source. To remove this context, edit "imageBuilders.buildContexts".') };
  return isGiven
    ? { note: vscode.l10n.t("Press Enter to remove this build context.") }
    : { error: vscode.l10n.t("Enter a folder or an address.") };
}

function problemOf(text: string, folder: string): { readonly error: string } | undefined {
  const source = contextSource(text);
  if (typeof source === "string") return { error: vscode.l10n.t("The source {0}.", source) };
  if (source.kind !== "folder") return undefined;
  // Typing it must not sign in to another computer: the build asks before it does.
  if (contactedHost(source.path, folder) !== undefined) return undefined;
  const path = resolve(folder, expandHome(source.path));
  return existsSync(path) ? undefined : { error: vscode.l10n.t("Can't find the folder {0}.", path) };
}
