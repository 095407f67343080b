import * as vscode from "vscode";
import { specSelector } from "./specs/specFiles";
import type { WithRefresh } from "../platform/host";
import type { SpecServices } from "./specs/specPlan";
import { ImageSpecActions } from "./imageSpecActions";
import { ImageSpecDiagnostics } from "./imageSpecDiagnostics";
import { lazily } from "../ui/lazily";

const loadAssist = lazily(() => import("./imageSpecAssist"));
const yamlSelector = [{ pattern: "**/*.image.{yaml,yml}" }];

/**
 * Registers the language features for image specs. VS Code itself completes JSON from the schema that we contribute.
 */
export function registerImageSpecLanguage(services: SpecServices & WithRefresh): vscode.Disposable {
  const diagnostics = new ImageSpecDiagnostics(services);
  return vscode.Disposable.from(
    diagnostics,
    vscode.languages.registerCodeActionsProvider(specSelector, new ImageSpecActions(diagnostics), {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, vscode.CodeActionKind.RefactorRewrite],
    }),
    vscode.languages.registerCompletionItemProvider(
      yamlSelector,
      {
        provideCompletionItems: async (document, position) =>
          new (await loadAssist()).ImageSpecCompletions(services).provideCompletionItems(document, position),
      },
      " ",
      "\n",
    ),
    vscode.languages.registerHoverProvider(yamlSelector, {
      provideHover: async (document, position) =>
        new (await loadAssist()).ImageSpecHovers().provideHover(document, position),
    }),
  );
}
