import * as vscode from "vscode";
import type { ContextPlace } from "../../platform/contextPlace";
import { back } from "../../ui/back";
import { pick } from "../../ui/quickInput";
import type { WithIgnoreModels } from "../model/ignoreModels";
import type { WithContextView } from "../view/contextView";

/** Asks for the Dockerfile whose ignore file applies to the shown build context, because each can have its own. */
export async function switchIgnoreFile({
  contextView,
  ignoreModels,
}: WithContextView & WithIgnoreModels): Promise<void> {
  const { place, model } = contextView.live ?? {};
  if (!place || !model) return;
  const dockerfiles = (await model.folder.dockerfiles()).map((path) => ({
    path,
    uri: vscode.Uri.joinPath(place.folder, path),
  }));
  const places = [{ path: "Dockerfile", uri: undefined }, ...dockerfiles.filter(({ path }) => path !== "Dockerfile")];
  const choices = await Promise.all(
    places.map(async ({ path, uri }) => {
      const held = await ignoreModels.ofFolder(place.folder, uri);
      const value: ContextPlace = { folder: place.folder, dockerfile: uri };
      held.dispose();
      return {
        label: held.model.file,
        description: vscode.l10n.t("for builds of {0}", path),
        iconPath: new vscode.ThemeIcon("file"),
        value,
      };
    }),
  );
  const answer = await pick<ContextPlace>({
    title: vscode.l10n.t("Switch Ignore File"),
    placeholder: vscode.l10n.t("Select the ignore file to use"),
    canGoBack: false,
    choices,
  });
  if (answer !== back && answer) await contextView.show(answer);
}
