import * as vscode from "vscode";
import { imageNameProblem, parseImageReference, qualifyImageName } from "../../core/base/imageReference";
import { messageOf } from "../../core/base/errors";
import { back } from "../ui/back";
import { pickRegistry } from "./pickRegistry";
import { type } from "../ui/quickInput";
import type { WithCore } from "../access/coreAccess";
import type { WithRegistriesView } from "./view/registriesView";

/** Opens a repository by name and remembers it, because many registries don't list theirs. */
export async function openRepository(
  { core, registriesView }: WithCore & WithRegistriesView,
  target?: unknown,
): Promise<void> {
  const title = vscode.l10n.t("Open Repository");
  const component = await pickRegistry(title, target);
  if (!component) return;
  const { uri } = (await core.implementation("container_registry", component.name)).config;
  const answer = await type({
    title: `${title}: ${component.name}`,
    canGoBack: false,
    prompt: vscode.l10n.t("Enter a repository name below {0}, or the full name of an image", uri),
    placeholder: "team/app",
    check: (text) => {
      const problem = text.trim() === "" ? vscode.l10n.t("Enter a name.") : problemOf(text.trim(), uri);
      return problem === undefined ? undefined : { error: problem };
    },
  });
  if (!answer || answer === back) return;
  const { path } = parseImageReference(qualifyImageName(answer.text.trim(), uri));
  await registriesView.reveal(await registriesView.browserOf(component).add(path));
}

function problemOf(name: string, uri: string): string | undefined {
  try {
    return imageNameProblem(qualifyImageName(name, uri));
  } catch (error) {
    return messageOf(error);
  }
}
