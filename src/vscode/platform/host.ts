import type * as vscode from "vscode";
import type { LogChannel } from "../ui/output";

/** Gives access to the extension's folder. */
export interface WithExtensionUri {
  readonly extensionUri: vscode.Uri;
}

/** Gives access to the extension's log channel. */
export interface WithLog {
  readonly log: LogChannel;
}

/** Gives access to the event that makes the views reload. */
export interface WithRefresh {
  readonly refresh: vscode.EventEmitter<void>;
}
