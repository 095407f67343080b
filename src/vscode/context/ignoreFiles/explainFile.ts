import * as vscode from "vscode";
import type { TextRange } from "../../../core/base/textRange";
import type { ContextPlace } from "../../platform/contextPlace";
import { explainPath } from "../model/explainPath";
import { findContexts } from "../model/findContext";
import type { IgnoreModel } from "../model/ignoreModel";
import { relativePath } from "../model/relativePath";
import { rangeOf } from "../../platform/ranges";
import { activeUri, askWhichContext } from "../model/askContext";
import type { WithIgnoreModels } from "../model/ignoreModels";
import type { WithContextView } from "../view/contextView";
import type { WithMemory } from "../../platform/memory";
import { showInformationMessage } from "../../ui/messages";

/**
 * Explains why a file or folder is included or excluded, with a button for the matching rule. Returns the explanation.
 */
export async function explainFile(
  services: WithContextView & WithIgnoreModels & WithMemory,
  target?: unknown,
): Promise<string | undefined> {
  const uri = target instanceof vscode.Uri ? target : activeUri();
  if (!uri)
    return tell(
      vscode.l10n.t("Open a file, or right-click one in the Explorer, to see why it is included or excluded."),
    );
  const title = vscode.l10n.t("Explain Why File Is Included or Excluded");
  const place = await askWhichContext(title, await findContexts(services, uri));
  if (!place)
    return tell(
      vscode.l10n.t(
        '"{0}" is not part of any build context: no folder above it has a Dockerfile or an ignore file.',
        vscode.workspace.asRelativePath(uri),
      ),
    );
  const held = await services.ignoreModels.ofFolder(place.folder, place.dockerfile);
  try {
    return await explain(services, place, held.model, relativePath(place.folder, uri) ?? "");
  } finally {
    held.dispose();
  }
}

async function explain(
  services: WithContextView,
  place: ContextPlace,
  model: IgnoreModel,
  path: string,
): Promise<string> {
  const explained = await explainPath(model, path);
  if (!explained)
    return tell(
      vscode.l10n.t('"{0}" is no longer in the folder "{1}".', path, vscode.workspace.asRelativePath(place.folder)),
    );
  const { text, range, hasMark } = explained;
  const showLine = range && { title: vscode.l10n.t("Go to Line"), act: () => open(model, range, hasMark) };
  const showContext = { title: vscode.l10n.t("Show Build Context"), act: () => services.contextView.show(place, path) };
  // Not awaited: the message stays open until it is answered.
  void showInformationMessage(text, ...(showLine ? [showLine] : []), showContext).then((chosen) => chosen?.act());
  return text;
}

async function open(model: IgnoreModel, range: TextRange, hasMark: boolean): Promise<void> {
  await vscode.window.showTextDocument(model.uri, { selection: rangeOf(range, hasMark) });
}

function tell(text: string): string {
  void showInformationMessage(text);
  return text;
}
