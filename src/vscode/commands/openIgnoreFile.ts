import * as vscode from "vscode";
import type { Services } from "../services";

/** Opens the ignore file that counts for the shown context. */
export async function openIgnoreFile({ contextView }: Services): Promise<void> {
  const uri = contextView.live?.model?.uri;
  if (uri) await vscode.window.showTextDocument(uri);
}
