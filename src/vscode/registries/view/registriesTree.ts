import * as vscode from "vscode";
import type { Component } from "../../../core/base/component";
import { isBrowseNode, type BrowseNode, type BrowseRow } from "../browse/browseNodes";
import type { CredentialChecks } from "../browse/credentialChecks";
import { RegistryBrowser } from "../browse/registryBrowser";
import type { KnownRepositories } from "../browse/knownRepositories";
import { ComponentsTree, type ComponentsTreeServices } from "../../components/tree/componentsTree";
import type { Node } from "../../components/tree/nodes";
import { browseItemOf } from "./browseItems";
import { registryState } from "./registryState";
import { rowsBelow } from "./rowsBelow";

/** One row of the view of registries. */
export type RegistryRow = Node | BrowseNode | BrowseRow;

/**
 * The registries by flavor, and what is in each, which is asked for when it is opened: a registry that hangs keeps no
 * other waiting.
 */
export class RegistriesTree implements vscode.TreeDataProvider<RegistryRow>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<RegistryRow | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #browsers = new Map<string, RegistryBrowser>();
  readonly #subscriptions: vscode.Disposable;
  readonly components: ComponentsTree;

  constructor(
    private readonly services: ComponentsTreeServices,
    checks: CredentialChecks,
    private readonly known: KnownRepositories,
  ) {
    this.components = new ComponentsTree("container_registry", services, (component) =>
      registryState(services.core, checks, component),
    );
    this.#subscriptions = vscode.Disposable.from(
      services.refresh.event(() => {
        checks.clear();
        this.#forgetBrowsers();
      }),
      this.components,
      this.components.onDidChangeTreeData((node) => this.#changed.fire(node)),
    );
  }

  getTreeItem(row: RegistryRow): vscode.TreeItem {
    return isOfBrowser(row) ? browseItemOf(row) : this.components.getTreeItem(row);
  }

  async getChildren(row?: RegistryRow): Promise<RegistryRow[]> {
    if (isBrowseNode(row)) return rowsBelow(row);
    if (row?.kind === "fact") return [...(row.rows ?? [])];
    if (row?.kind === "action") return [];
    const rows = await this.components.getChildren(row);
    return row?.kind === "component" ? [this.browserOf(row.component).root, ...rows] : rows;
  }

  async getParent(row: RegistryRow): Promise<RegistryRow | undefined> {
    if (!isOfBrowser(row)) return this.components.getParent(row);
    if (row.kind === "repositories") return this.components.nodeOf(row.browser.component);
    return isBrowseNode(row) ? row.parent : undefined;
  }

  /** Browses a registry; a component that has changed is another registry. */
  browserOf(component: Component): RegistryBrowser {
    const known = this.#browsers.get(component.name);
    if (known && JSON.stringify(known.component) === JSON.stringify(component)) return known;
    known?.stop();
    const browser = new RegistryBrowser(component, {
      core: this.services.core,
      known: this.known,
      changed: (node) => this.#changed.fire(node),
    });
    this.#browsers.set(component.name, browser);
    return browser;
  }

  /** Shows what was pushed to a registry's host. */
  pushed(host: string, path: string): void {
    for (const browser of this.#browsers.values()) if (browser.host === host) browser.pushed(path);
  }

  dispose(): void {
    this.#forgetBrowsers();
    this.#subscriptions.dispose();
    this.#changed.dispose();
  }

  #forgetBrowsers(): void {
    for (const browser of this.#browsers.values()) browser.stop();
    this.#browsers.clear();
  }
}

function isOfBrowser(row: RegistryRow): row is BrowseNode | Exclude<BrowseRow, BrowseNode> {
  return isBrowseNode(row) || row.kind === "fact" || row.kind === "action";
}
