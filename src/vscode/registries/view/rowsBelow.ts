import * as vscode from "vscode";
import { ImageBuilderError, messageOf, type ErrorCode } from "../../../core/base/errors";
import type { FactRow } from "../browse/factRow";
import type { ActionRow, BrowseNode, BrowseRow } from "../browse/browseNodes";
import { problemNodes, type Node } from "../../components/tree/nodes";

/** Errors that may be caused by the credentials. */
const credentialFailures: readonly ErrorCode[] = [
  "registryUnauthorized",
  "registryDenied",
  "credentialsFailed",
  "connectorExpired",
  "connectorFailed",
  "registryRateLimited",
];

/**
 * Returns the rows below a row: those that were loaded, and rows about the state of the rest. Starts loading if
 * necessary.
 */
export function rowsBelow(node: BrowseNode): (Node | BrowseRow)[] {
  const { listing } = node;
  listing.start();
  const fitting: readonly BrowseRow[] = listing.fitting;
  const rest = fitting.length - listing.limit;
  return [
    ...fitting.slice(0, listing.limit),
    ...(rest > 0 ? [action(vscode.l10n.t("{0} more", rest.toLocaleString()), "ellipsis", "showMoreRows", node)] : []),
    ...stateRows(node, fitting.length),
  ];
}

function stateRows(node: BrowseNode, shown: number): (Node | FactRow | ActionRow)[] {
  const { state, rows, filter } = node.listing;
  switch (state.kind) {
    case "idle":
    case "loading":
      return [
        {
          kind: "fact",
          label:
            rows.length === 0
              ? vscode.l10n.t("loading...")
              : vscode.l10n.t("loading more, {0} so far...", rows.length.toLocaleString()),
          icon: "loading~spin",
        },
      ];
    case "failed":
      return [...problemNodes(messageOf(state.error)), ...remedies(node, state.error)];
    case "done":
      if (shown === 0 && filter !== "") return [note(vscode.l10n.t('no matches for "{0}"', filter))];
      if (node.kind === "repositories") return endOfRepositories(node, shown);
      return shown === 0 ? [note(vscode.l10n.t("no tags"))] : [];
  }
}

/** Offers to open a repository by name if the registry doesn't list its repositories or has none. */
function endOfRepositories(
  node: Extract<BrowseNode, { kind: "repositories" }>,
  shown: number,
): (FactRow | ActionRow)[] {
  if (!node.browser.listsRepositories)
    return [note(vscode.l10n.t("This registry doesn't list its repositories.")), openRepository(node)];
  return shown === 0 ? [note(vscode.l10n.t("no repositories")), openRepository(node)] : [];
}

function remedies(node: BrowseNode, error: unknown): ActionRow[] {
  const mayBeCredentials = ImageBuilderError.is(error) && credentialFailures.includes(error.code);
  const isUnconfirmed = ImageBuilderError.is(error, "sourceNotConfirmed");
  return [
    ...(isUnconfirmed ? [action(vscode.l10n.t("Review and Allow..."), "shield", "confirmSources", node)] : []),
    action(vscode.l10n.t("Try Again"), "refresh", "refreshRegistryRow", node),
    ...(mayBeCredentials ? [action(vscode.l10n.t("Check Credentials"), "key", "checkCredentials", node)] : []),
    ...(node.kind === "repositories" ? [openRepository(node)] : []),
  ];
}

function openRepository(node: BrowseNode): ActionRow {
  return action(vscode.l10n.t("Open Repository..."), "search", "openRepository", node);
}

function action(label: string, icon: string, command: ActionRow["command"], target: BrowseNode): ActionRow {
  return { kind: "action", label, icon, command, target };
}

function note(label: string): FactRow {
  return { kind: "fact", label, icon: "info" };
}
