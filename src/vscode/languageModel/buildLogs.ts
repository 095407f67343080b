import * as vscode from "vscode";
import { fileOfBuild } from "../builds/buildLogs";
import type { Build } from "../builds/history/build";

/** In characters: so many lines may be of any length. */
const longestEnd = 15_000;

/** Returns the end of a build's log, in which secrets are masked. */
export async function endOfLog(build: Build, mostLines: number): Promise<string> {
  const bytes = await vscode.workspace.fs.readFile(fileOfBuild(build, "log"));
  const text = Buffer.from(bytes).toString("utf8").trimEnd();
  return text.slice(-longestEnd).split("\n").slice(-mostLines).join("\n");
}
