import * as vscode from "vscode";
import { setContext } from "../../platform/contextKeys";
import { dockerfileSelector, ignoreFileSelector, isIgnoreFile } from "../../platform/fileKinds";
import type { WithIgnoreModels } from "../model/ignoreModels";
import { IgnoreCodeLenses } from "./codeLens";
import { IgnoreCompletions } from "./completion";
import { SourceDefinitions } from "./definition";
import { IgnoreHovers } from "./hover";

/**
 * Registers the language features for ignore files, by file name because VS Code defines their language, and Go to
 * Definition for Dockerfiles.
 */
export function registerIgnoreLanguage(services: WithIgnoreModels): vscode.Disposable {
  const lenses = new IgnoreCodeLenses(services);
  return vscode.Disposable.from(
    lenses,
    vscode.languages.registerCodeLensProvider(ignoreFileSelector, lenses),
    vscode.languages.registerHoverProvider(ignoreFileSelector, new IgnoreHovers(services)),
    vscode.languages.registerCompletionItemProvider(
      ignoreFileSelector,
      new IgnoreCompletions(services),
      ...IgnoreCompletions.triggers,
    ),
    vscode.languages.registerDefinitionProvider(dockerfileSelector, new SourceDefinitions(services)),
    vscode.workspace.onDidSaveTextDocument(({ uri }) => isIgnoreFile(uri) && void setContext("ignoreFileSaved", true)),
  );
}
