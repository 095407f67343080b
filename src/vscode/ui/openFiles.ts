import * as vscode from "vscode";

/**
 * Tracks the open files of some kind, including tabs that have not been shown yet, and reports when one is opened or
 * closed.
 */
export class OpenFiles implements vscode.Disposable {
  readonly #open = new Set<string>();
  readonly #subscriptions: vscode.Disposable;

  /** @param isMeant called for every file that is opened in the window */
  constructor(
    private readonly isMeant: (uri: vscode.Uri) => boolean,
    private readonly onOpen: (uri: vscode.Uri) => void,
    private readonly onClose: (uri: vscode.Uri) => void,
  ) {
    for (const { uri } of vscode.workspace.textDocuments) this.#add(uri);
    for (const uri of urisInTabs()) this.#add(uri);
    this.#subscriptions = vscode.Disposable.from(
      vscode.workspace.onDidOpenTextDocument(({ uri }) => this.#add(uri)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#remove(uri)),
      vscode.window.tabGroups.onDidChangeTabs(({ opened, closed }) => {
        for (const uri of opened.flatMap(urisOf)) this.#add(uri);
        // VS Code may keep a document for minutes after its last tab was closed.
        for (const uri of closed.flatMap(urisOf)) this.#remove(uri);
      }),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #add(uri: vscode.Uri): void {
    const key = uri.toString();
    if (this.#open.has(key) || !this.isMeant(uri)) return;
    this.#open.add(key);
    this.onOpen(uri);
  }

  #remove(uri: vscode.Uri): void {
    const key = uri.toString();
    if (urisInTabs().some((other) => other.toString() === key) || !this.#open.delete(key)) return;
    this.onClose(uri);
  }
}

function urisInTabs(): vscode.Uri[] {
  return vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.flatMap(urisOf));
}

function urisOf({ input }: vscode.Tab): vscode.Uri[] {
  if (input instanceof vscode.TabInputText) return [input.uri];
  return input instanceof vscode.TabInputTextDiff ? [input.modified] : [];
}
