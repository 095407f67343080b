import { basename } from "node:path";
import * as vscode from "vscode";
import { createText } from "../images/createText";
import { specFolder } from "../images/specFiles";
import { placeSpec } from "../images/specPlan";
import { specOf } from "../images/startSpecBuild";
import type { Services } from "../services";

/** Writes the Dockerfile of a spec beside it, and opens it; the spec stays. */
export async function convertToDockerfile(services: Services, target?: unknown): Promise<vscode.Uri | undefined> {
  const spec = await specOf(services, target);
  if (!spec) return undefined;
  const [{ image, places }, { dockerfileOf }] = await Promise.all([placeSpec(services, spec, { push: "never" }), import("../../core/image/convert/dockerfileOf")]);
  const { text, ignoreLines } = await dockerfileOf(image, { ...places, root: specFolder(spec) });
  const folder = vscode.Uri.joinPath(spec, "..");
  const name = `${basename(spec.path).replace(/\.image\.\w+$/, "")}.Dockerfile`;
  return createText([
    { uri: vscode.Uri.joinPath(folder, name), text },
    ...(ignoreLines === undefined ? [] : [{ uri: vscode.Uri.joinPath(folder, `${name}.dockerignore`), text: ignoreLines }]),
  ]);
}
