import type * as vscode from "vscode";
import { tooltipOf as textTooltip } from "./markdown";

/**
 * Returns the `viewItem` of a row for menus: its kind, then flags that begin with a semicolon. Components are
 * `component.image_builder` or `component.container_registry`, with `;secret` if a password is stored, `;connected`,
 * `;active` in a folder, and `;problem`.
 */
export function contextValueOf(kind: string, flags: Readonly<Record<string, boolean>>): string {
  return [kind, ...Object.keys(flags).filter((flag) => flags[flag])].join(";");
}

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
