import { basename } from "node:path";
import * as vscode from "vscode";
import { BaseUsers } from "./specs/baseUsers";
import { createText } from "./specs/createText";
import { specFolder } from "./specs/specFiles";
import { placeSpec } from "./specs/specPlan";
import { specOf } from "./startSpecBuild";
import type { WithCore } from "../access/coreAccess";
import type { WithImages } from "./specs/imageSpecs";
import type { WithLog } from "../platform/host";
import type { WithMemory } from "../platform/memory";
import type { WithSecrets } from "../platform/secrets";

/** Writes a spec's Dockerfile to the same folder and opens it. The spec is kept. */
export async function convertToDockerfile(
  services: WithCore & WithImages & WithLog & WithMemory & WithSecrets,
  target?: unknown,
): Promise<vscode.Uri | undefined> {
  const spec = await specOf(services, target);
  if (!spec) return undefined;
  const [{ image, places }, { dockerfileOf }] = await Promise.all([
    placeSpec(services, spec, { push: "never" }),
    import("../../core/image/convert/dockerfileOf"),
  ]);
  const users = new BaseUsers(services);
  const { text, ignoreLines } = await dockerfileOf(image, {
    ...places,
    root: specFolder(spec),
    findUser: (plan) => users.userFor(plan, new AbortController().signal),
  });
  const folder = vscode.Uri.joinPath(spec, "..");
  const name = `${basename(spec.path).replace(/\.image\.\w+$/, "")}.Dockerfile`;
  return createText([
    { uri: vscode.Uri.joinPath(folder, name), text },
    ...(ignoreLines === undefined
      ? []
      : [{ uri: vscode.Uri.joinPath(folder, `${name}.dockerignore`), text: ignoreLines }]),
  ]);
}
