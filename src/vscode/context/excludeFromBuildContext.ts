import * as vscode from "vscode";
import { changeContext } from "./model/changeContext";
import type { WithTreemaps } from "./treemap/treemaps";
import type { WithContextView } from "./view/contextView";
import { contextTargetOf } from "./view/contextTarget";
import { pathsInWords } from "./model/contextWords";
import type { ContextTarget } from "./model/target";

/**
 * Adds rules that exclude the selected paths from the build context, after showing their effect. Returns whether the
 * ignore file was changed.
 */
export async function excludeFromBuildContext(
  services: WithContextView & WithTreemaps,
  target?: unknown,
  selection?: unknown,
): Promise<boolean> {
  const found = contextTargetOf(services, target, selection);
  const sent = found?.paths.filter((path) => found.live.overview?.row(path)?.isSent) ?? [];
  if (!found || sent.length === 0) return false;
  return excludePaths({ live: found.live, paths: sent });
}

/** Adds rules that exclude paths from the build context, as `excludeFromBuildContext` does. */
export async function excludePaths(target: ContextTarget): Promise<boolean> {
  const { planExclusion } = await import("../../core/context/overview/changePlan");
  const names = pathsInWords(target.paths);
  return changeContext(target, {
    plan: planExclusion,
    title: vscode.l10n.t("Exclude {0} from the build context?", names),
    yes: vscode.l10n.t("Exclude"),
    impossible: vscode.l10n.t(
      "No rule excludes only {0}. Check that no setting always includes it, or edit the ignore file by hand.",
      names,
    ),
  });
}
