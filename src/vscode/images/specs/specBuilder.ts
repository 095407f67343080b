import type * as vscode from "vscode";
import type { Memory } from "../../platform/memory";
import { activeComponent } from "../../settings/activeComponent";
import { componentSettings } from "../../settings/componentSettings";
import { noBuilder } from "../../settings/noBuilder";
import { specFolder } from "./specFiles";

/**
 * Returns the name of the builder for a spec: the folder's active one, otherwise the first.
 *
 * @throws ImageBuilderError `configurationInvalid` if none is set up
 */
export function specBuilder(memory: Memory, spec: vscode.Uri): string {
  const builder =
    activeComponent(memory, "image_builder", specFolder(spec))?.name ??
    componentSettings("image_builder").components[0]?.name;
  if (builder !== undefined) return builder;
  throw noBuilder();
}
