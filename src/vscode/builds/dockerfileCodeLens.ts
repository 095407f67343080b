import * as vscode from "vscode";
import { dockerfileSelector, isDockerfile } from "../platform/fileKinds";
import { onDidChangeSettings, showsDockerfileCodeLens } from "../platform/settings";
import { newCodeLens } from "../ui/editor";

/** Shows builds at the top of Dockerfiles on disk. In Restricted Mode nothing can be built, so nothing is shown. */
export function registerDockerfileCodeLens(): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses({ uri }) {
      const isBuildable = vscode.workspace.isTrusted && uri.scheme === "file" && isDockerfile(uri);
      if (!isBuildable || !showsDockerfileCodeLens(uri)) return [];
      const lens = (title: string, name: string): vscode.CodeLens =>
        newCodeLens(new vscode.Range(0, 0, 0, 0), { title, command: `imageBuilders.${name}`, arguments: [uri] });
      return [lens(vscode.l10n.t("Build and Push"), "buildAndPushImage"), lens(vscode.l10n.t("Build"), "buildImage")];
    },
  };
  return vscode.Disposable.from(
    changed,
    onDidChangeSettings((affects) => affects("dockerfileCodeLens") && changed.fire()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => changed.fire()),
    vscode.languages.registerCodeLensProvider(dockerfileSelector, provider),
  );
}
