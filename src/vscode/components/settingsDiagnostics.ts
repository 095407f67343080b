import * as vscode from "vscode";
import type { WithLog, WithRefresh } from "../platform/host";
import type { WithCore } from "../access/coreAccess";
import type { ComponentType } from "../../core/base/component";
import type { SettingsProblem } from "../../core/components/settingsText";
import { messageOf } from "../../core/base/errors";
import { connectorSettings, listKeys } from "../settings/componentSettings";
import { onDidChangeSettings } from "../platform/settings";
import { newDiagnostic } from "../ui/editor";
import { OpenFiles } from "../ui/openFiles";

/** Marks problems of components and connectors in open settings files, including unsaved text. */
export class SettingsDiagnostics implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection("image-builders-settings");
  readonly #subscriptions: vscode.Disposable;
  readonly #open = new Set<string>();

  constructor(private readonly services: WithCore & WithLog & WithRefresh) {
    const files = new OpenFiles(
      isSettingsFile,
      (uri) => this.#open.add(uri.toString()),
      (uri) => this.#forget(uri),
    );
    const checkAll = (): void => vscode.workspace.textDocuments.forEach((document) => void this.#check(document));
    this.#subscriptions = vscode.Disposable.from(
      files,
      this.#collection,
      // Connectors may be in another settings file, and extensions can add and remove flavors.
      onDidChangeSettings(checkAll),
      services.refresh.event(checkAll),
      vscode.workspace.onDidOpenTextDocument((document) => void this.#check(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => void this.#check(document)),
    );
    checkAll();
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #forget(uri: vscode.Uri): void {
    this.#open.delete(uri.toString());
    this.#collection.delete(uri);
  }

  async #check(document: vscode.TextDocument): Promise<void> {
    const { uri, version } = document;
    if (!this.#open.has(uri.toString())) return;
    const text = document.getText();
    try {
      const problems = text.includes('"imageBuilders.')
        ? await problemsIn(text, isWorkspaceFile(uri) ? ["settings"] : [], this.services)
        : [];
      if (document.version === version && !document.isClosed)
        this.#collection.set(
          uri,
          problems.map((problem) => diagnosticOf(problem, document)),
        );
    } catch (error) {
      this.services.log.warn(messageOf(error));
    }
  }
}

/**
 * Returns the problems of all components and connectors in a settings file.
 *
 * @param prefix JSON path of the settings in the file
 */
async function problemsIn(text: string, prefix: readonly string[], { core }: WithCore): Promise<SettingsProblem[]> {
  const [{ listAt, parseSettings, placeEntryProblems }, { componentEntryProblems, connectorEntryProblems }, flavors] =
    await Promise.all([
      import("../../core/components/settingsText"),
      import("../../core/components/entryProblems"),
      core.flavors("all"),
    ]);
  const root = parseSettings(text);
  const at = (key: string): ReturnType<typeof listAt> => listAt(root, [...prefix, `imageBuilders.${key}`]);
  const connectors = at("connectors");
  const known = [
    ...connectorSettings().connectors.map(({ name }) => name),
    ...(connectors?.entries ?? [])
      .map((entry) => (entry as { readonly name?: unknown } | null)?.name)
      .filter((name) => typeof name === "string"),
  ];
  const ofType = (type: ComponentType): SettingsProblem[] => {
    const list = at(listKeys[type]);
    return list ? placeEntryProblems(list.node, componentEntryProblems(type, list.entries, flavors, known)) : [];
  };
  return [
    ...ofType("image_builder"),
    ...ofType("container_registry"),
    ...(connectors ? placeEntryProblems(connectors.node, connectorEntryProblems(connectors.entries)) : []),
  ];
}

function diagnosticOf(
  { offset, length, message, severity }: SettingsProblem,
  document: vscode.TextDocument,
): vscode.Diagnostic {
  const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
  const diagnostic = newDiagnostic(
    range,
    message,
    severity === "error" ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning,
  );
  diagnostic.source = "Image Builders";
  return diagnostic;
}

/** Whether a file contains settings: the user's, a folder's, or those of a workspace file. */
function isSettingsFile(uri: vscode.Uri): boolean {
  return /\/settings\.json$/.test(uri.path) || isWorkspaceFile(uri);
}

function isWorkspaceFile({ path }: vscode.Uri): boolean {
  return path.endsWith(".code-workspace");
}
