import * as vscode from "vscode";
import { ImageBuilderError } from "../../core/base/errors";
import { isDockerfile, isOnFileSystem } from "../platform/fileKinds";
import { readSource } from "../platform/readSource";
import { createText } from "./specs/createText";
import { specRegistryAddress } from "./specs/specRegistry";
import type { WithMemory } from "../platform/memory";
import { showInformationMessage } from "../ui/messages";

/**
 * Writes an image spec for a Dockerfile to the same folder and opens it. The spec has layers if they give exactly the
 * same image; otherwise it refers to the Dockerfile.
 */
export async function convertToImageSpec({ memory }: WithMemory, target?: unknown): Promise<vscode.Uri | undefined> {
  const dockerfile = target instanceof vscode.Uri ? target : vscode.window.activeTextEditor?.document.uri;
  if (!dockerfile || !isDockerfile(dockerfile) || !isOnFileSystem(dockerfile))
    return void showInformationMessage(vscode.l10n.t("Open a Dockerfile to convert it to an image spec."));
  const source = await readSource(dockerfile);
  if (!source)
    throw new ImageBuilderError(
      "dockerfileMissing",
      vscode.l10n.t('Can\'t find the Dockerfile "{0}". It may have been renamed or deleted.', dockerfile.fsPath),
    );
  const [{ specNameOf, specOf }, { exampleRegistry }, { writeImageSpec }] = await Promise.all([
    import("../../core/image/convert/specOf"),
    import("../../core/image/propose/proposeSpecs"),
    import("../../core/image/spec/writeImageSpec"),
  ]);
  const registry = await specRegistryAddress(memory, dockerfile.fsPath);
  const spec = specOf({
    dockerfile: dockerfile.fsPath,
    text: source.toString("utf8"),
    registry: registry ?? exampleRegistry,
    platform: process.arch === "arm64" ? "linux/arm64" : "linux/amd64",
  });
  const folder = vscode.Uri.joinPath(dockerfile, "..");
  const name = `${specNameOf(dockerfile.fsPath)}.image.yaml`;
  return createText([{ uri: vscode.Uri.joinPath(folder, name), text: writeImageSpec(spec, name) }]);
}
