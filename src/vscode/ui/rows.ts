import type * as vscode from "vscode";
import { tooltipOf as textTooltip } from "./markdown";

/** Creates a tooltip with a title and labeled values, which may come from daemons, registries, or settings. */
export function tooltipOf(
  title: string,
  rows: readonly (readonly [label: string, value: string])[],
): vscode.MarkdownString {
  return textTooltip(
    title,
    rows.map(([label, value]) => `${label}: ${value}`),
  );
}
