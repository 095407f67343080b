import type * as vscode from "vscode";
import type { TextRange } from "../../../core/textRange";
import type { ImageState } from "../../images/imageStates";

/** What a row tells: a spec, something about its image, one of its layers, or what is wrong with it. */
export type RowContent =
  | { readonly kind: "spec"; readonly state: ImageState | undefined }
  | { readonly kind: "fact" | "problem"; readonly label: string; readonly detail: string; readonly range?: TextRange }
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
