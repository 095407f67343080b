import type * as vscode from "vscode";
import type { LogChannel } from "../ui/output";

/** The folder of the extension. */
export interface WithExtensionUri {
  readonly extensionUri: vscode.Uri;
}

/** The extension's own log channel. */
export interface WithLog {
  readonly log: LogChannel;
}

/** The event that makes the trees reload what they show. */
export interface WithRefresh {
  readonly refresh: vscode.EventEmitter<void>;
}
