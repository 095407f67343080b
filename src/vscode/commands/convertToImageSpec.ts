import { basename } from "node:path";
import * as vscode from "vscode";
import { sanitizeImageName } from "../../core/imageReference";
import { activeComponent } from "../components/activeComponent";
import { componentSettings } from "../components/componentSettings";
import { isDockerfile } from "../context/fileKinds";
import { readSource } from "../context/readSource";
import { createText } from "../images/createText";
import type { Services } from "../services";

/** Writes an image spec for a Dockerfile beside it, and opens it: in layers where that is exactly the same, else by the Dockerfile. */
export async function convertToImageSpec({ memory }: Services, target?: unknown): Promise<vscode.Uri | undefined> {
  const dockerfile = target instanceof vscode.Uri ? target : vscode.window.activeTextEditor?.document.uri;
  if (!dockerfile || !isDockerfile(dockerfile)) return void vscode.window.showInformationMessage(vscode.l10n.t("Open a Dockerfile to make an image spec of it."));
  const [source, { specOf }, { writeImageSpec }] = await Promise.all([readSource(dockerfile), import("../../core/image/convert/specOf"), import("../../core/image/spec/writeImageSpec")]);
  const { components } = componentSettings("container_registry");
  const registry = (activeComponent(memory, "container_registry", dockerfile.fsPath) ?? components[0])?.configuration["uri"];
  const spec = specOf({
    dockerfile: dockerfile.fsPath,
    text: source?.toString("utf8") ?? "",
    registry: typeof registry === "string" ? registry.replace(/^https?:\/\//, "").replace(/\/+$/, "") : "localhost:5000",
    platform: process.arch === "arm64" ? "linux/arm64" : "linux/amd64",
  });
  const folder = vscode.Uri.joinPath(dockerfile, "..");
  const name = `${sanitizeImageName(basename(folder.path))}.image.yaml`;
  return createText([{ uri: vscode.Uri.joinPath(folder, name), text: writeImageSpec(spec, name) }]);
}
