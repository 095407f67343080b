import { stripVTControlCharacters } from "node:util";
import * as vscode from "vscode";
import { shorten } from "../../core/text/shorten";
import { visible } from "../../core/text/visible";

/** Maximum length of a message in characters; longer ones are cut in the middle. */
const messageLimit = 100_000;

/** Output channel of plain lines. No text can move the cursor, reorder characters, or start a new line. */
export interface LineChannel extends vscode.Disposable {
  readonly appendLine: (line: string) => void;
  readonly show: (preserveFocus?: boolean) => void;
}

/** Creates an output channel of plain lines. */
export function createLineChannel(name: string): LineChannel {
  const channel = vscode.window.createOutputChannel(name);
  return {
    appendLine: (line) => channel.appendLine(visible(stripVTControlCharacters(line))),
    show: (preserveFocus) => channel.show(preserveFocus),
    dispose: () => channel.dispose(),
  };
}

/** Log channel. The lines of a message are indented, so that it can't look like several messages. */
export interface LogChannel extends vscode.Disposable {
  readonly debug: (message: string) => void;
  readonly info: (message: string) => void;
  readonly warn: (message: string) => void;
  readonly error: (error: string | Error) => void;
  readonly show: (preserveFocus?: boolean) => void;
}

/** Creates the log channel of the extension, with a level for each message. */
export function createLogChannel(name: string): LogChannel {
  const channel = vscode.window.createOutputChannel(name, { log: true });
  return {
    debug: (message) => channel.debug(logged(message)),
    info: (message) => channel.info(logged(message)),
    warn: (message) => channel.warn(logged(message)),
    error: (error) => channel.error(logged(typeof error === "string" ? error : (error.stack ?? error.message))),
    show: (preserveFocus) => channel.show(preserveFocus),
    dispose: () => channel.dispose(),
  };
}

function logged(message: string): string {
  return visible(stripVTControlCharacters(shorten(message, messageLimit)), "lines").replaceAll("\n", "\n    ");
}
