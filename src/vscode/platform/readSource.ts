import * as vscode from "vscode";
import { openDocument } from "./openDocument";
import { mayRead, readAllowed } from "./restricted";

/**
 * Reads a file: its bytes on disk, or the editor's text if it has unsaved changes. Returns undefined if the file
 * doesn't exist.
 *
 * Bytes are preferred, because the editor's text has lost byte order marks and invalid UTF-8.
 */
export async function readSource(uri: vscode.Uri): Promise<Buffer | undefined> {
  const document = openDocument(uri);
  // The text of an open document may be used wherever the file is.
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
  // VS Code's encoder calls another process, which would delay typing.
  if (document.encoding === "utf8") return Buffer.from(text);
  return Promise.resolve(vscode.workspace.encode(text, { encoding: document.encoding })).then((bytes) =>
    Buffer.from(bytes),
  );
}
