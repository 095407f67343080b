import * as vscode from "vscode";
import { rangeOf } from "../platform/ranges";
import type { WithTreemaps } from "./treemap/treemaps";
import type { WithContextView } from "./view/contextView";
import { showInformationMessage } from "../ui/messages";
import { contextTargetOf } from "./view/contextTarget";

/** Opens the ignore file at the rule that decides on the selected path. */
export async function goToDecidingLine(
  services: WithContextView & WithTreemaps,
  target?: unknown,
  selection?: unknown,
): Promise<void> {
  const { live, paths: [path] = [] } = contextTargetOf(services, target, selection) ?? {};
  const decision = path === undefined ? undefined : live?.overview?.decisionOn(path);
  if (!live?.model || path === undefined) return;
  if (!decision?.line)
    return void showInformationMessage(vscode.l10n.t('No rule in {0} matches "{1}".', live.model.file, path));
  const range = rangeOf(decision.line.range, live.overview?.state.ignore.hasMark);
  await vscode.window.showTextDocument(live.model.uri, { selection: range });
}
