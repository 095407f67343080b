import * as vscode from "vscode";
import type { BuildAnswers } from "../platform/memory";
import { refuseForeignPaths } from "../platform/refuseForeignPaths";
import { back } from "../ui/back";
import { type } from "../ui/quickInput";
import type { Build } from "./history/build";

/**
 * Returns the answers with which a build is repeated. Asks for build arguments that were not stored because they may be
 * secret.
 *
 * @returns undefined if a prompt was dismissed
 */
export async function wholeAnswers({ answers, omittedArgs, isOwn }: Build): Promise<BuildAnswers | undefined> {
  if (!isOwn) refuseForeignPaths(answers.folder, answers.dockerfile, answers.options.output?.dest);
  const buildArgs: Record<string, string> = { ...answers.options.buildArgs };
  for (const name of omittedArgs) {
    const answer = await type({
      title: vscode.l10n.t("Rebuild"),
      canGoBack: false,
      password: true,
      prompt: vscode.l10n.t(
        "Enter the value of the build argument {0}, which is not stored because it may be secret",
        name,
      ),
    });
    if (answer === undefined || answer === back) return undefined;
    buildArgs[name] = answer.text;
  }
  return omittedArgs.length === 0 ? answers : { ...answers, options: { ...answers.options, buildArgs } };
}
