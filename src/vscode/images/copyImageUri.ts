import * as vscode from "vscode";
import { planWithProgress } from "./specs/specPlan";
import { specOf } from "./startSpecBuild";
import type { WithCore } from "../access/coreAccess";
import type { WithImages } from "./specs/imageSpecs";
import type { WithLog } from "../platform/host";
import type { WithMemory } from "../platform/memory";
import type { WithSecrets } from "../platform/secrets";
import { setStatusBarMessage } from "../ui/statusBar";

/** Copies the URI of a spec's image for the current files. */
export async function copyImageUri(
  services: WithCore & WithImages & WithLog & WithMemory & WithSecrets,
  target?: unknown,
): Promise<string | undefined> {
  const spec = await specOf(services, target);
  if (!spec) return undefined;
  const { uri } = await planWithProgress(services, spec, { push: "ifPossible" });
  await vscode.env.clipboard.writeText(uri);
  setStatusBarMessage(vscode.l10n.t("Copied {0}", uri), 5000);
  return uri;
}
