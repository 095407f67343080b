import type * as vscode from "vscode";
import type { TextRange } from "../../../core/base/textRange";
import type { ImageState } from "../specs/imageStates";

/**
 * Content of a row: a spec, a fact about its image, a note about what is unknown, a problem, a group, a layer, or an
 * action: `confirm` asks the person about what a spec uses, `trust` about the workspace.
 */
export type RowContent =
  | { readonly kind: "spec"; readonly state: ImageState | undefined }
  | { readonly kind: "confirm" }
  | { readonly kind: "trust" }
  | {
      readonly kind: "fact" | "note" | "problem";
      readonly label: string;
      readonly detail: string;
      readonly range?: TextRange;
    }
  /** Row above others, such as all packages of an image. */
  | {
      readonly kind: "group";
      readonly label: string;
      readonly detail: string;
      readonly isBad: boolean;
      readonly rows: readonly RowContent[];
    }
  | { readonly kind: "layer"; readonly key: string; readonly detail: string; readonly range?: TextRange };

/** Row of the Images view. */
export class ImageRow {
  constructor(
    readonly spec: vscode.Uri,
    readonly content: RowContent,
  ) {}
}

/** Whether a command's argument is a row of the Images view. */
export function isImageRow(value: unknown): value is ImageRow {
  return value instanceof ImageRow;
}
