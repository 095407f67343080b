import * as vscode from "vscode";
import { mayRead, readAllowed } from "./restricted";

/**
 * What a file holds: its bytes on disk, or what the editor has of it where it was changed there; nothing if there is no
 * such file.
 *
 * Bytes tell more than an editor's text, which has lost byte order marks and what is not UTF-8.
 */
export async function readSource(uri: vscode.Uri): Promise<Buffer | undefined> {
  const document = vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
  // What a person has opened may be looked at wherever it lies.
  if (document && (document.isDirty || !(await mayRead(uri)))) return encode(document);
  try {
    return Buffer.from(await readAllowed(uri));
  } catch (error) {
    if (error instanceof vscode.FileSystemError && ["FileNotFound", "FileIsADirectory"].includes(error.code))
      return undefined;
    throw error;
  }
}

function encode(document: vscode.TextDocument): Buffer | Promise<Buffer> {
  const text = document.getText();
  // VS Code's own encoder asks another process, which a keystroke should not wait for.
  if (document.encoding === "utf8") return Buffer.from(text);
  return Promise.resolve(vscode.workspace.encode(text, { encoding: document.encoding })).then((bytes) =>
    Buffer.from(bytes),
  );
}
