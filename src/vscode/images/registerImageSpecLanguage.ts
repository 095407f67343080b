import * as vscode from "vscode";
import { specSelector } from "./specs/specFiles";
import type { WithRefresh } from "../platform/host";
import type { SpecServices } from "./specs/specPlan";
import { ImageSpecActions } from "./imageSpecActions";
import { ImageSpecCompletions, ImageSpecHovers } from "./imageSpecAssist";
import { ImageSpecDiagnostics } from "./imageSpecDiagnostics";

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
    vscode.languages.registerCompletionItemProvider(yamlSelector, new ImageSpecCompletions(services), " ", "\n"),
    vscode.languages.registerHoverProvider(yamlSelector, new ImageSpecHovers()),
  );
}
