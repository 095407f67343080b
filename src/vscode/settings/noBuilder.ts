import * as vscode from "vscode";
import { ImageBuilderError } from "../../core/base/errors";

/** Creates the error for a build without any image builder in the settings. */
export function noBuilder(): ImageBuilderError {
  return new ImageBuilderError(
    "configurationInvalid",
    vscode.l10n.t('No image builder is set up. Add one to "imageBuilders.builders" in Settings.'),
  );
}
