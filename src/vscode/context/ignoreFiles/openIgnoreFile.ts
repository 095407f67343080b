import * as vscode from "vscode";
import type { WithContextView } from "../view/contextView";

/** Opens the ignore file of the shown build context. */
export async function openIgnoreFile({ contextView }: WithContextView): Promise<void> {
  const uri = contextView.live?.model?.uri;
  if (uri) await vscode.window.showTextDocument(uri);
}
