import type * as vscode from "vscode";
import { tooltipOf as textTooltip } from "./markdown";

/**
 * What menus ask for by `viewItem`: the kind of a row, then flags that begin with a semicolon. Components are
 * `component.image_builder` or `component.container_registry`, with `;secret` where a password is stored, `;connected`,
 * `;active` in a folder, and `;problem`.
 */
export function contextValueOf(kind: string, flags: Readonly<Record<string, boolean>>): string {
  return [kind, ...Object.keys(flags).filter((flag) => flags[flag])].join(";");
}

/** Values come from daemons, registries and settings. */
export function tooltipOf(
  title: string,
  rows: readonly (readonly [label: string, value: string])[],
): vscode.MarkdownString {
  return textTooltip(
    title,
    rows.map(([label, value]) => `${label}: ${value}`),
  );
}
