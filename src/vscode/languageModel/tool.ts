import type * as vscode from "vscode";
import type { WithOutput } from "../builds/buildOutput";
import type { WithIgnoreModels } from "../context/model/ignoreModels";
import type { DefinitionServices } from "../tasks/runDefinition";
import type { ToolInput } from "./toolInput";

/** Services that the tools use. */
export type ToolServices = DefinitionServices & WithIgnoreModels & WithOutput;

/** Tool that language models can call. */
export interface Tool {
  /** Names of the properties of its input, as in package.json. */
  readonly properties: readonly string[];
  /** Runs the tool and returns its answer. */
  readonly run: (services: ToolServices, input: ToolInput, signal: AbortSignal) => Promise<string>;
  /** Returns what is shown, and asked if the tool does more than read, before it runs. */
  readonly prepare: (input: ToolInput) => vscode.PreparedToolInvocation;
}
