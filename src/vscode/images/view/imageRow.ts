import type * as vscode from "vscode";
import type { TextRange } from "../../../core/base/textRange";
import type { ImageState } from "../specs/imageStates";

/**
 * What a row tells: a spec, something about its image, what keeps that from being known, what is wrong with it, or one
 * of its layers.
 */
export type RowContent =
  | { readonly kind: "spec"; readonly state: ImageState | undefined }
  | {
      readonly kind: "fact" | "note" | "problem";
      readonly label: string;
      readonly detail: string;
      readonly range?: TextRange;
    }
  | { readonly kind: "layer"; readonly key: string; readonly detail: string; readonly range?: TextRange };

/** One row of the Images view. */
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
