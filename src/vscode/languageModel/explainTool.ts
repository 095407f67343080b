import * as vscode from "vscode";
import { dockerfileName, findContexts } from "../context/model/findContext";
import { explainPath } from "../context/model/explainPath";
import { relativePath } from "../context/model/relativePath";
import { toolProgress } from "../ui/toolResult";
import type { Tool } from "./tool";
import { textOf, workspacePath } from "./toolInput";

/** Limit on the Dockerfiles of which the same path is explained. */
const mostContexts = 5;

/** Explains why a file or folder is sent to builds or not. */
export const explainTool: Tool = {
  properties: ["path"],

  prepare: (input) => toolProgress(vscode.l10n.t("Explaining {0}", textOf(input, "path") ?? "")),

  async run(services, input) {
    const uri = vscode.Uri.file(workspacePath(textOf(input, "path")));
    const places = (await findContexts(services, uri)).slice(0, mostContexts);
    if (places.length === 0)
      return vscode.l10n.t(
        '"{0}" is not part of any build context: no folder above it has a Dockerfile or an ignore file.',
        vscode.workspace.asRelativePath(uri),
      );
    const texts: string[] = [];
    for (const place of places) {
      const held = await services.ignoreModels.ofFolder(place.folder, place.dockerfile);
      try {
        const explained = await explainPath(held.model, relativePath(place.folder, uri) ?? "");
        const text = explained?.text ?? vscode.l10n.t('"{0}" does not exist.', vscode.workspace.asRelativePath(uri));
        texts.push(places.length === 1 ? text : `${dockerfileName(place)}: ${text}`);
      } finally {
        held.dispose();
      }
    }
    return texts.join("\n");
  },
};
