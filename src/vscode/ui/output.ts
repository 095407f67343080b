import { stripVTControlCharacters } from "node:util";
import * as vscode from "vscode";
import { shorten } from "../../core/text/shorten";
import { visible } from "../../core/text/visible";

/** Longer messages are cut in their middle. */
const messageLimit = 100_000;

/** A channel of plain lines: nothing in them moves a cursor, changes the order of characters or ends the line. */
export interface LineChannel extends vscode.Disposable {
  readonly appendLine: (line: string) => void;
  readonly show: (preserveFocus?: boolean) => void;
}

/** Makes a channel of plain lines. */
export function createLineChannel(name: string): LineChannel {
  const channel = vscode.window.createOutputChannel(name);
  return {
    appendLine: (line) => channel.appendLine(visible(stripVTControlCharacters(line))),
    show: (preserveFocus) => channel.show(preserveFocus),
    dispose: () => channel.dispose(),
  };
}

/** What is logged to; a message of several lines cannot look like several messages. */
export interface LogChannel extends vscode.Disposable {
  readonly debug: (message: string) => void;
  readonly info: (message: string) => void;
  readonly warn: (message: string) => void;
  readonly error: (error: string | Error) => void;
  readonly show: (preserveFocus?: boolean) => void;
}

/** Makes the channel for what the extension does, with a level for each message. */
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
