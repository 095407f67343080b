import * as vscode from "vscode";
import { changeContext } from "./model/changeContext";
import type { WithTreemaps } from "./treemap/treemaps";
import type { WithContextView } from "./view/contextView";
import { contextTargetOf } from "./view/contextTarget";
import { pathsInWords } from "./model/contextWords";

/**
 * Adds rules that include the selected paths again, after showing their effect. Returns whether the ignore file was
 * changed.
 */
export async function includeInBuildContext(
  services: WithContextView & WithTreemaps,
  target?: unknown,
  selection?: unknown,
): Promise<boolean> {
  const found = contextTargetOf(services, target, selection);
  const excluded = found?.paths.filter((path) => found.live.overview?.row(path)?.isSent === false) ?? [];
  if (!found || excluded.length === 0) return false;
  const { planInclusion } = await import("../../core/context/overview/changePlan");
  const names = pathsInWords(excluded);
  return changeContext(
    { live: found.live, paths: excluded },
    {
      plan: planInclusion,
      title: vscode.l10n.t("Include {0} in the build context again?", names),
      yes: vscode.l10n.t("Include"),
      impossible: vscode.l10n.t("No single rule includes only {0}. Edit the ignore file by hand.", names),
    },
  );
}
