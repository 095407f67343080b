import * as vscode from "vscode";
import { planWithProgress } from "../images/specPlan";
import { specOf } from "../images/startSpecBuild";
import type { Services } from "../services";
import { setStatusBarMessage } from "../ui/statusBar";

/** Copies the URI that a spec's image has as its files are now. */
export async function copyImageUri(services: Services, target?: unknown): Promise<string | undefined> {
  const spec = await specOf(services, target);
  if (!spec) return undefined;
  const { uri } = await planWithProgress(services, spec, { push: "ifPossible" });
  await vscode.env.clipboard.writeText(uri);
  setStatusBarMessage(vscode.l10n.t("Copied {0}", uri), 5000);
  return uri;
}
