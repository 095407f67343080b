import * as vscode from "vscode";
import { setContext } from "../../platform/contextKeys";
import { dockerfileSelector, ignoreFileSelector, isIgnoreFile } from "../../platform/fileKinds";
import type { WithIgnoreModels } from "../model/ignoreModels";
import { onDidChangeSettings } from "../../platform/settings";
import { lazily } from "../../ui/lazily";

/** Characters that trigger completion in addition to word characters. */
const triggers = ["/", "!", "*", "."];

/**
 * Registers the language features for ignore files, by file name because VS Code defines their language, and Go to
 * Definition for Dockerfiles.
 */
export function registerIgnoreLanguage(services: WithIgnoreModels): vscode.Disposable {
  const lensesChanged = new vscode.EventEmitter<void>();
  const subscriptions = [
    lensesChanged,
    onDidChangeSettings((affects) => affects("codeLens") && lensesChanged.fire()),
    vscode.workspace.onDidSaveTextDocument(({ uri }) => isIgnoreFile(uri) && void setContext("ignoreFileSaved", true)),
  ];
  const language = lazily(async () => {
    const loaded = (await import("./ignoreLanguage")).ignoreLanguage(services, lensesChanged);
    subscriptions.push(loaded.lenses);
    return loaded;
  });
  subscriptions.push(
    vscode.languages.registerCodeLensProvider(ignoreFileSelector, {
      onDidChangeCodeLenses: lensesChanged.event,
      provideCodeLenses: async (...asked) => (await language()).lenses.provideCodeLenses(...asked),
    }),
    vscode.languages.registerHoverProvider(ignoreFileSelector, {
      provideHover: async (...asked) => (await language()).hovers.provideHover(...asked),
    }),
    vscode.languages.registerCompletionItemProvider(
      ignoreFileSelector,
      {
        provideCompletionItems: async (document, position, token) =>
          (await language()).completions.provideCompletionItems(document, position, token),
      },
      ...triggers,
    ),
    vscode.languages.registerDefinitionProvider(dockerfileSelector, {
      provideDefinition: async (...asked) => (await language()).definitions.provideDefinition(...asked),
    }),
  );
  return new vscode.Disposable(() => vscode.Disposable.from(...subscriptions).dispose());
}
