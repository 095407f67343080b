import * as vscode from "vscode";
import { secretUsers, type SecretUser } from "./secretUsers";
import type { WithSecrets } from "../platform/secrets";
import { onDidChangeSettings } from "../platform/settings";
import { contextValueOf } from "../ui/contextValues";
import { createTreeView } from "../ui/treeView";

/** Row of the Secrets view; it contains no value. */
export type SecretNode =
  | { readonly kind: "secret"; readonly secret: string; readonly keys: readonly string[] }
  | { readonly kind: "secretKey"; readonly secret: string; readonly key: string }
  | { readonly kind: "secretUser"; readonly user: SecretUser };

/** Whether a command's argument is a row of the view of secrets. */
export function isSecretNode(value: unknown): value is SecretNode {
  return (
    typeof value === "object" &&
    value !== null &&
    "kind" in value &&
    ["secret", "secretKey", "secretUser"].includes(String(value.kind))
  );
}

/** Creates the view of stored secrets, with their names, keys, and users. */
export function createSecretsView({ secrets }: WithSecrets): vscode.Disposable {
  const changed = new vscode.EventEmitter<undefined>();
  const tree: vscode.TreeDataProvider<SecretNode> = {
    onDidChangeTreeData: changed.event,
    getTreeItem: treeItemOf,
    async getChildren(node) {
      if (!node) return (await secrets.list()).map(({ name, keys }) => ({ kind: "secret", secret: name, keys }));
      return node.kind === "secret" ? childrenOf(node.secret, node.keys) : [];
    },
  };
  const redraw = (): void => changed.fire(undefined);
  return vscode.Disposable.from(
    changed,
    secrets.onDidChange(redraw),
    onDidChangeSettings(redraw),
    createTreeView("imageBuilders.secrets", { treeDataProvider: tree }),
  );
}

function childrenOf(secret: string, keys: readonly string[]): SecretNode[] {
  const users = secretUsers().filter((user) => user.secret === secret);
  return [
    ...keys.map((key): SecretNode => ({ kind: "secretKey", secret, key })),
    ...users.map((user): SecretNode => ({ kind: "secretUser", user })),
  ];
}

function treeItemOf(node: SecretNode): vscode.TreeItem {
  const item =
    node.kind === "secret"
      ? secretItem(node.secret, node.keys)
      : node.kind === "secretKey"
        ? keyItem(node.secret, node.key)
        : userItem(node.user);
  item.contextValue = contextValueOf(node.kind, {});
  return item;
}

function secretItem(secret: string, keys: readonly string[]): vscode.TreeItem {
  const users = secretUsers().filter((user) => user.secret === secret);
  const item = new vscode.TreeItem(secret, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = `secret/${JSON.stringify(secret)}`;
  item.description =
    users.length > 0 ? keys.join(", ") : vscode.l10n.t("not used by any setting · {0}", keys.join(", "));
  item.iconPath = new vscode.ThemeIcon("lock");
  item.accessibilityInformation = { label: vscode.l10n.t("Secret {0}, {1}", secret, item.description) };
  return item;
}

function keyItem(secret: string, key: string): vscode.TreeItem {
  const item = new vscode.TreeItem(key);
  item.id = `secretKey/${JSON.stringify([secret, key])}`;
  item.description = "••••••";
  item.tooltip = `{{${secret}.${key}}}`;
  item.iconPath = new vscode.ThemeIcon("key");
  item.accessibilityInformation = { label: vscode.l10n.t("Key {0}", key) };
  return item;
}

function userItem({ words, icon }: SecretUser): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t("used by {0}", words));
  item.iconPath = new vscode.ThemeIcon(icon);
  return item;
}
