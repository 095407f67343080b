import { stripVTControlCharacters } from "node:util";
import * as vscode from "vscode";
import { shorten } from "../../core/text/shorten";
import { visible } from "../../core/text/visible";
import { markdownString, plain } from "./markdown";

/** In characters: a model has room for little, and the rest of an answer costs its reader. */
const longestResult = 20_000;

/** Creates the result of a tool for language models: at most 20,000 characters, a longer text is cut in the middle. */
export function toolResult(text: string): vscode.LanguageModelToolResult {
  const shown = shorten(visible(stripVTControlCharacters(text), "lines"), longestResult);
  return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(shown)]);
}

/** Creates the question that a person answers before a tool runs. */
export function toolQuestion(title: string, sentences: readonly string[]): vscode.PreparedToolInvocation {
  return { confirmationMessages: { title: visible(title), message: markdownString(...sentences.map(plain)) } };
}

/** Creates the text that is shown while a tool runs. */
export function toolProgress(text: string): vscode.PreparedToolInvocation {
  return { invocationMessage: markdownString(plain(text)) };
}
