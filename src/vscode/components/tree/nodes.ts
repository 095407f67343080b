import * as vscode from "vscode";
import { rowCommand } from "../../ui/rowCommand";
import { contextValueOf } from "../../ui/contextValues";
import { tooltipOf } from "../../ui/rows";
import type { Component } from "../../../core/base/component";
import type { Flavor } from "../../../core/contracts/flavor";
import { causeOf, problemParts } from "./problemParts";

/** State of a component: a short summary, and details for the tooltip and the child rows. */
export interface ComponentState {
  readonly summary: string;
  readonly details: readonly (readonly [label: string, value: string])[];
  /** Problem and what to do about it; undefined if there is none. */
  readonly problem?: string;
  /** Whether the problem is that a source from the workspace has not been allowed, so nothing was contacted. */
  readonly isUnconfirmed?: boolean;
  /** Whether a check of the component succeeded. */
  readonly isWell?: boolean;
  /** Whether the images of the component's daemon can be shown. */
  readonly hasImages?: boolean;
}

/** Row of a component; the same object as long as the component doesn't change. */
export interface ComponentNode {
  readonly kind: "component";
  readonly component: Component;
  readonly hasSecret: boolean;
  /** Undefined until the first result. */
  state: ComponentState | undefined;
  /** Whether the row is expanded initially because of a problem. */
  opensItself: boolean;
  /** Whether the component is active in a folder. */
  isActive: boolean;
}

/** Row of a flavor; a used one has the rows of its components below it. */
export interface FlavorNode {
  readonly kind: "flavor";
  readonly name: string;
  /** Undefined if nothing provides the flavor. */
  readonly flavor: Flavor | undefined;
  readonly isUsed: boolean;
}

/** Row of a tree. */
export type Node =
  | FlavorNode
  | ComponentNode
  | { readonly kind: "confirm"; readonly component: Component }
  | { readonly kind: "detail"; readonly label: string; readonly value: string }
  | { readonly kind: "problem"; readonly message: string; readonly part: string; readonly isFirst: boolean };

/**
 * Whether a command's argument has the form of a row of our trees. Only `kind` is checked, so the other properties must
 * not be trusted: links in foreign text can call commands with plain data of the same form.
 */
export function isNode(value: unknown): value is Node {
  if (typeof value !== "object" || value === null || !("kind" in value)) return false;
  return ["flavor", "component", "confirm", "detail", "problem"].includes(String(value.kind));
}

/**
 * Creates the tree item of a row.
 *
 * @param logos folder with the logos of the flavors
 */
export function treeItemOf(node: Node, logos?: vscode.Uri): vscode.TreeItem {
  switch (node.kind) {
    case "flavor":
      return flavorItem(node, logos);
    case "component":
      return componentItem(node);
    case "confirm":
      return confirmItem(node);
    case "detail":
      return detailItem(node.label, node.value);
    case "problem":
      return problemItem(node);
  }
}

/** Names of the flavors that have a logo. */
const withLogo = new Set(["local", "buildkit", "default", "dockerhub", "github", "gcp", "azure", "aws"]);

function flavorItem(node: FlavorNode, logos: vscode.Uri | undefined): vscode.TreeItem {
  const { flavor, name, isUsed } = node;
  const item = new vscode.TreeItem(
    flavor?.displayName ?? name,
    isUsed ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.None,
  );
  item.id = `flavor/${name}${isUsed ? "" : "/unused"}`;
  item.tooltip = flavor?.description ?? vscode.l10n.t("No extension provides this flavor.");
  item.iconPath =
    logos && withLogo.has(name)
      ? vscode.Uri.joinPath(logos, `${name}.svg`)
      : new vscode.ThemeIcon(flavor ? "extensions" : "question");
  item.contextValue = contextValueOf("flavor", { unused: !isUsed });
  item.accessibilityInformation = { label: vscode.l10n.t("Flavor {0}", String(item.label)) };
  if (isUsed) return item;
  item.description = vscode.l10n.t("Add...");
  item.accessibilityInformation = { label: vscode.l10n.t("Flavor {0}, not used. Add...", String(item.label)) };
  item.command = rowCommand("registerImageBuilder", item.description, node);
  return item;
}

function componentItem({ component, state, opensItself, hasSecret, isActive }: ComponentNode): vscode.TreeItem {
  const { problem, isUnconfirmed, isWell, summary = vscode.l10n.t("Connecting..."), details = [] } = state ?? {};
  const item = new vscode.TreeItem(
    component.name,
    opensItself ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed,
  );
  const active = isActive && vscode.l10n.t("default");
  // A narrow row has no room for more than a cause.
  const words = (problem ? [problemWords(problem, isUnconfirmed === true), active] : [active, summary])
    .filter(Boolean)
    .join(" · ");
  // VS Code remembers by id that a row is collapsed. A new id lets it be expanded.
  item.id = `component/${component.type}/${encodeURIComponent(component.name)}${opensItself ? "/open" : ""}`;
  item.description = words;
  item.tooltip = tooltipOf(component.name, [
    ...(problem ? [[vscode.l10n.t("Problem"), problem] as const] : []),
    ...details,
  ]);
  item.iconPath = problem
    ? new vscode.ThemeIcon("warning", new vscode.ThemeColor("list.warningForeground"))
    : new vscode.ThemeIcon(
        component.type === "image_builder" ? "tools" : "cloud",
        isWell ? new vscode.ThemeColor("testing.iconPassed") : undefined,
      );
  item.contextValue = contextValueOf(`component.${component.type}`, {
    secret: hasSecret,
    connected: component.connector !== undefined,
    active: isActive,
    problem: problem !== undefined,
  });
  item.accessibilityInformation = { label: `${component.name}, ${words}` };
  return item;
}

function problemWords(problem: string, isUnconfirmed: boolean): string {
  return isUnconfirmed ? vscode.l10n.t("not allowed yet") : vscode.l10n.t("{0} · needs attention", causeOf(problem));
}

function confirmItem(node: Extract<Node, { kind: "confirm" }>): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t("Review and Allow..."));
  item.iconPath = new vscode.ThemeIcon("shield");
  item.command = rowCommand("confirmSources", String(item.label), node);
  item.contextValue = contextValueOf("confirm", {});
  item.accessibilityInformation = { label: vscode.l10n.t("Review and allow {0}", node.component.name) };
  return item;
}

function detailItem(label: string, value: string): vscode.TreeItem {
  const item = new vscode.TreeItem(label);
  item.description = value;
  item.tooltip = value;
  item.contextValue = contextValueOf("detail", {});
  item.accessibilityInformation = { label: `${label}: ${value}` };
  return item;
}

/** Creates the rows of a message, one per part. */
export function problemNodes(message: string): Node[] {
  return problemParts(message).map((part, i) => ({ kind: "problem", message, part, isFirst: i === 0 }));
}

function problemItem({ message, part, isFirst }: Extract<Node, { kind: "problem" }>): vscode.TreeItem {
  const item = new vscode.TreeItem(part);
  item.tooltip = message;
  item.iconPath = isFirst
    ? new vscode.ThemeIcon("error", new vscode.ThemeColor("list.errorForeground"))
    : new vscode.ThemeIcon("lightbulb");
  item.contextValue = contextValueOf("problem", {});
  item.accessibilityInformation = { label: isFirst ? vscode.l10n.t("Problem: {0}", message) : part };
  return item;
}
