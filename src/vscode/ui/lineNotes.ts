import * as vscode from "vscode";
import { defuseLabel } from "../../core/text/defuse";

/** Text that is shown after the end of a line. */
export interface LineNote {
  readonly range: vscode.Range;
  readonly text: string;
  /** Whether the text is dimmed. */
  readonly isFaint: boolean;
}

/** Shows texts after the ends of lines, in the colors of the editor's own code lenses and inlay hints. */
export class LineNotes implements vscode.Disposable {
  readonly #plain = noteType("editorCodeLens.foreground");
  readonly #faint = noteType("editorLineNumber.foreground");

  /** Replaces the notes in an editor. */
  show(editor: vscode.TextEditor, notes: readonly LineNote[]): void {
    const optionsOf = ({ range, text }: LineNote): vscode.DecorationOptions => ({
      range: new vscode.Range(range.end, range.end),
      renderOptions: { after: { contentText: defuseLabel(text) } },
    });
    editor.setDecorations(this.#plain, notes.filter(({ isFaint }) => !isFaint).map(optionsOf));
    editor.setDecorations(this.#faint, notes.filter(({ isFaint }) => isFaint).map(optionsOf));
  }

  dispose(): void {
    this.#plain.dispose();
    this.#faint.dispose();
  }
}

function noteType(color: string): vscode.TextEditorDecorationType {
  return vscode.window.createTextEditorDecorationType({
    after: { color: new vscode.ThemeColor(color), margin: "0 0 0 2em" },
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
}
