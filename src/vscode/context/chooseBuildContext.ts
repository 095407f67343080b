import * as vscode from "vscode";
import { nameOf, type ContextPlace } from "../platform/contextPlace";
import { back } from "../ui/back";
import { findDockerfiles } from "./model/findDockerfiles";
import { pick, type Choice } from "../ui/quickInput";
import type { WithIgnoreModels } from "./model/ignoreModels";
import type { WithContextView } from "./view/contextView";
import { showOpenDialog } from "../ui/fileDialog";

/**
 * Asks which build context to show in the Build Context view: a workspace folder, the one of a Dockerfile, or any other
 * folder.
 */
export async function chooseBuildContext(services: WithContextView & WithIgnoreModels): Promise<void> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const choices = [
    ...folders.map(folderChoice),
    ...(await Promise.all(folders.map(({ uri }) => dockerfileChoices(services, uri)))).flat(),
  ];
  const title = vscode.l10n.t("Show Build Context");
  const placeholder = vscode.l10n.t("Select the folder that a build sends");
  const elsewhere: Choice<typeof anotherFolder> = {
    label: vscode.l10n.t("Another Folder..."),
    iconPath: new vscode.ThemeIcon("folder-opened"),
    value: anotherFolder,
  };
  const answer = await pick<ContextPlace | typeof anotherFolder>({
    title,
    placeholder,
    canGoBack: false,
    choices: [...choices, elsewhere],
  });
  if (answer === back || answer === undefined) return;
  const place = answer === anotherFolder ? await askOnDisk() : answer;
  if (place) await services.contextView.show(place);
}

const anotherFolder = "another";

async function askOnDisk(): Promise<ContextPlace | undefined> {
  const openLabel = vscode.l10n.t("Show Build Context");
  const [folder] = (await showOpenDialog({ canSelectFiles: false, canSelectFolders: true, openLabel })) ?? [];
  return folder && { folder };
}

function folderChoice({ name, uri }: vscode.WorkspaceFolder): Choice<ContextPlace> {
  return { label: name, description: uri.fsPath, iconPath: new vscode.ThemeIcon("folder"), value: { folder: uri } };
}

/**
 * Lists the Dockerfiles of a folder with their build contexts. The folder's own `Dockerfile` is omitted if the folder
 * is its build context, because the folder is listed already.
 */
async function dockerfileChoices(
  { ignoreModels }: WithIgnoreModels,
  folder: vscode.Uri,
): Promise<Choice<ContextPlace>[]> {
  if (folder.scheme !== "file") return [];
  const dockerfiles = (await findDockerfiles(folder.fsPath)).map((path) => vscode.Uri.file(path));
  return dockerfiles
    .map((dockerfile) => ({ dockerfile, context: ignoreModels.contextOf(dockerfile) }))
    .filter(
      ({ dockerfile, context }) =>
        dockerfile.toString() !== vscode.Uri.joinPath(folder, "Dockerfile").toString() ||
        context.toString() !== folder.toString(),
    )
    .map(({ dockerfile, context }) => ({
      label: vscode.workspace.asRelativePath(dockerfile),
      description: vscode.l10n.t("builds {0}", nameOf({ folder: context })),
      iconPath: new vscode.ThemeIcon("file"),
      value: { folder: context, dockerfile },
    }));
}
