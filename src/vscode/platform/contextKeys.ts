import * as vscode from "vscode";
import type { contextKeys } from "./contextKeyNames";

/** Sets a key that `when` clauses and the walkthrough read as `imageBuilders:<key>`. */
export async function setContext(key: (typeof contextKeys)[number], value: unknown): Promise<void> {
  await vscode.commands.executeCommand("setContext", `imageBuilders:${key}`, value);
}
