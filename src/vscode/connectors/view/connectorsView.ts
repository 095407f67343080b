import * as vscode from "vscode";
import type { ConnectorRecord } from "../../../core/clouds/connectorType";
import type { ServiceConnector } from "../../../core/connectors/serviceConnector";
import { messageOf } from "../../../core/base/errors";
import { connectorSettings } from "../../settings/componentSettings";
import { connectorUsers } from "./connectorUsers";
import type { WithCore, CoreAccess } from "../../access/coreAccess";
import type { WithRefresh } from "../../platform/host";
import type { WithSecrets } from "../../platform/secrets";
import { onDidChangeSettings } from "../../platform/settings";
import { createTreeView } from "../../ui/treeView";
import { contextValueOf } from "../../ui/contextValues";
import { causeOf } from "../../components/tree/problemParts";
import { problemNodes, treeItemOf, type Node } from "../../components/tree/nodes";

/** Row of a connector, with the connector or the reason why it is unusable. */
export interface ConnectorNode {
  readonly kind: "connector";
  readonly record: ConnectorRecord;
  readonly connector: ServiceConnector | undefined;
  readonly problem: string | undefined;
}

/** Whether a command's argument has the form of a connector's row. */
export function isConnectorNode(value: unknown): value is ConnectorNode {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "connector";
}

/**
 * Creates the view of the service connectors: the registries they sign in to, how, until when, and for which
 * components.
 */
export function createConnectorsView(services: WithCore & WithRefresh & WithSecrets): vscode.Disposable {
  const { secrets, refresh, core } = services;
  const changed = new vscode.EventEmitter<undefined>();
  const tree: vscode.TreeDataProvider<ConnectorNode | Node> = {
    onDidChangeTreeData: changed.event,
    getTreeItem: (node) => (node.kind === "connector" ? connectorItem(node) : treeItemOf(node)),
    async getChildren(node) {
      if (!node) {
        const { connectors, problems } = connectorSettings();
        return [
          ...(await Promise.all(connectors.map((record) => connectorNode(core, record)))),
          ...problems.flatMap(problemNodes),
        ];
      }
      return node.kind === "connector"
        ? [...(node.problem === undefined ? [] : problemNodes(node.problem)), ...details(node)]
        : [];
    },
  };
  const redraw = (): void => changed.fire(undefined);
  const view = createTreeView("imageBuilders.connectors", { treeDataProvider: tree });
  return vscode.Disposable.from(
    changed,
    secrets.onDidChange(redraw),
    refresh.event(redraw),
    onDidChangeSettings(redraw),
    view,
  );
}

async function connectorNode(core: CoreAccess, record: ConnectorRecord): Promise<ConnectorNode> {
  try {
    const connector = await (await core.connectors("quiet")).get(record.name);
    const problem = connector.hasExpired()
      ? vscode.l10n.t("The credentials have expired. Update the connector with new ones.")
      : undefined;
    return { kind: "connector", record, connector, problem };
  } catch (error) {
    return { kind: "connector", record, connector: undefined, problem: messageOf(error) };
  }
}

function connectorItem({ record, connector, problem }: ConnectorNode): vscode.TreeItem {
  const item = new vscode.TreeItem(
    record.name,
    problem === undefined ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.Expanded,
  );
  const place = connector?.defaultId ?? connector?.type.displayName ?? record.type;
  item.id = `connector/${encodeURIComponent(record.name)}${problem === undefined ? "" : "/problem"}`;
  item.description = problem === undefined ? place : vscode.l10n.t("{0} · needs attention", causeOf(problem));
  item.tooltip = problem;
  item.iconPath =
    problem === undefined
      ? new vscode.ThemeIcon("plug")
      : new vscode.ThemeIcon("warning", new vscode.ThemeColor("list.warningForeground"));
  item.contextValue = contextValueOf("connector", { problem: problem !== undefined });
  item.accessibilityInformation = { label: vscode.l10n.t("Connector {0}, {1}", record.name, item.description) };
  return item;
}

function details({ record, connector }: ConnectorNode): Node[] {
  const rows: readonly (readonly [label: string, value: string | undefined])[] = [
    [
      vscode.l10n.t("Opens"),
      connector && (connector.defaultId ?? vscode.l10n.t("any registry of {0}", connector.type.displayName)),
    ],
    [vscode.l10n.t("Signs in with"), connector?.type.authMethods[record.authMethod]?.displayName ?? record.authMethod],
    [
      vscode.l10n.t("Credentials expire"),
      record.expiresAt === undefined ? vscode.l10n.t("never") : timeOf(Date.parse(record.expiresAt)),
    ],
    [
      vscode.l10n.t("Login expires"),
      timeOf(connector?.defaultId === undefined ? undefined : connector.loginEndsAtMs()),
    ],
    ...connectorUsers(record.name).map(({ name }) => [vscode.l10n.t("Used by"), name] as const),
  ];
  return rows.flatMap(([label, value]): Node[] => (value === undefined ? [] : [{ kind: "detail", label, value }]));
}

function timeOf(ms: number | undefined): string | undefined {
  return ms === undefined || Number.isNaN(ms) ? undefined : new Date(ms).toLocaleString();
}
