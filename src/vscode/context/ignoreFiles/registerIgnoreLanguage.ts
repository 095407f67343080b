import * as vscode from "vscode";
import { dockerfileSelector, ignoreFileSelector } from "../../platform/fileKinds";
import type { WithIgnoreModels } from "../model/ignoreModels";
import { IgnoreCodeLenses } from "./codeLens";
import { IgnoreCompletions } from "./completion";
import { SourceDefinitions } from "./definition";
import { IgnoreHovers } from "./hover";

/** Registers what helps to read and write ignore files, by the names of files: their language is VS Code's own. */
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
  );
}
