import type * as vscode from "vscode";
import type { WithIgnoreModels } from "../model/ignoreModels";
import { IgnoreCodeLenses } from "./codeLens";
import { IgnoreCompletions } from "./completion";
import { SourceDefinitions } from "./definition";
import { IgnoreHovers } from "./hover";

/**
 * Creates the providers for ignore files and for the sources in Dockerfiles.
 *
 * @param lensesChanged fires when VS Code should ask for the lenses again
 */
export function ignoreLanguage(services: WithIgnoreModels, lensesChanged: vscode.EventEmitter<void>) {
  return {
    lenses: new IgnoreCodeLenses(services, lensesChanged),
    hovers: new IgnoreHovers(services),
    completions: new IgnoreCompletions(services),
    definitions: new SourceDefinitions(services),
  };
}
