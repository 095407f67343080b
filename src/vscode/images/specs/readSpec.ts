import * as vscode from "vscode";
import { ImageBuilderError } from "../../../core/base/errors";
import type { Image } from "../../../core/image/image";
import type { ModuleOptions } from "../../../core/image/modules/readImageModule";
import type { ImageSpec } from "../../../core/image/spec/readImageSpec";
import { readSource } from "../../platform/readSource";
import { isSpecModule } from "./specFiles";

/**
 * Reads a spec including unsaved changes; a module is run as saved.
 *
 * @throws ImageBuilderError `imageFileMissing` if the file doesn't exist; `workspaceUntrusted`, `imageInvalid` for a
 * module; the signal's reason
 */
export async function readSpec(
  spec: vscode.Uri,
  options: Pick<ModuleOptions, "log" | "signal"> = {},
): Promise<ImageSpec> {
  if (isSpecModule(spec)) return readModule(spec, options);
  const [source, { readImageSpec }] = await Promise.all([
    readSource(spec),
    import("../../../core/image/spec/readImageSpec"),
  ]);
  if (!source)
    throw new ImageBuilderError(
      "imageFileMissing",
      vscode.l10n.t('Can\'t find the image spec "{0}". It may have been renamed or deleted.', spec.fsPath),
    );
  return readImageSpec(source.toString("utf8").replace(/^\uFEFF/, ""), spec.path);
}

async function readModule(spec: vscode.Uri, options: ModuleOptions): Promise<ImageSpec> {
  if (!vscode.workspace.isTrusted) {
    throw new ImageBuilderError(
      "workspaceUntrusted",
      vscode.l10n.t(
        '"{0}" is a program that defines an image and runs only in a trusted workspace. Trust the workspace first.',
        spec.fsPath,
      ),
    );
  }
  const { readModuleSpec } = await import("../../../core/image/modules/readModuleSpec");
  return readModuleSpec(spec.fsPath, options);
}

/**
 * Returns the image that a spec defines.
 *
 * @throws ImageBuilderError `imageInvalid` with the first problem and its location
 */
export function imageOf(spec: vscode.Uri, { image, problems }: ImageSpec): Image {
  const problem = problems.find(({ severity }) => severity === "error") ?? problems[0];
  if (image) return image;
  const { line, endLine, column } = problem?.range ?? { line: 1, endLine: 1, column: 1 };
  throw new ImageBuilderError(
    "imageInvalid",
    problem?.message ?? vscode.l10n.t('"{0}" doesn\'t define an image.', spec.fsPath),
    {
      location: { file: spec.fsPath, line, endLine, column },
    },
  );
}
