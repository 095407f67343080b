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

/** Row of the Registries view. */
export type RegistryRow = Node | BrowseNode | BrowseRow;

/**
 * Tree of the registries by flavor. The contents of a registry are loaded when its row is expanded, so that a slow
 * registry doesn't delay the others.
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
    if (isBrowseNode(row)) return (await import("./rowsBelow")).rowsBelow(row);
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

  /** Returns the browser of a registry. A changed component gets a new browser. */
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

  /** Refreshes the rows of a registry's host that are affected by a push. */
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
