import * as vscode from "vscode";
import type { Component } from "../../../core/base/component";
import { parseImageReference } from "../../../core/base/imageReference";
import type { Builds } from "../../builds/builds";
import { isBrowseNode, type BrowseNode } from "../browse/browseNodes";
import { CredentialChecks } from "../browse/credentialChecks";
import { KnownRepositories } from "../browse/knownRepositories";
import type { RegistryBrowser } from "../browse/registryBrowser";
import { createTreeView, type TreeView } from "../../ui/treeView";
import type { ComponentsTreeServices } from "../../components/tree/componentsTree";
import { showProblems } from "../../components/tree/showProblems";
import { RegistriesTree, type RegistryRow } from "./registriesTree";

/** Services that the Registries view requires. */
export interface RegistriesViewServices extends ComponentsTreeServices {
  readonly builds: Builds;
}

/** View of the registries with their contents and the sources of their credentials. */
export class RegistriesView implements vscode.Disposable {
  readonly checks = new CredentialChecks();
  readonly #tree: RegistriesTree;
  readonly #view: TreeView<RegistryRow>;
  readonly #subscriptions: vscode.Disposable;

  constructor(services: RegistriesViewServices, state: vscode.Memento) {
    const known = new KnownRepositories(state);
    this.#tree = new RegistriesTree(services, this.checks, known);
    this.#view = createTreeView<RegistryRow>("imageBuilders.registries", {
      treeDataProvider: this.#tree,
      showCollapseAll: true,
    });
    this.#subscriptions = vscode.Disposable.from(
      this.#view,
      this.#tree,
      showProblems(this.#view, this.#tree.components),
      this.#view.onDidCollapseElement(({ element }) => this.#stop(element)),
      services.builds.onDidChange(
        (build) => build?.repoDigest !== undefined && void this.#remember(known, build.repoDigest),
      ),
    );
  }

  /** Selected row; undefined if there is none. */
  get selected(): RegistryRow | undefined {
    return this.#view.selection[0];
  }

  browserOf(component: Component): RegistryBrowser {
    return this.#tree.browserOf(component);
  }

  /** Requests the state of a component again, for example after a check of its credentials. */
  askAnew(component: Component): void {
    this.#tree.components.askAnew(component.name);
  }

  /** Reveals a row, selected and expanded. */
  async reveal(node: BrowseNode): Promise<void> {
    await vscode.commands.executeCommand("imageBuilders.registries.focus");
    await this.#view.reveal(node, { select: true, focus: true, expand: true });
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  /** Cancels the requests of a collapsed row and of the rows below it. */
  #stop(row: RegistryRow): void {
    if (row.kind === "component") this.browserOf(row.component).stop();
    else if (row.kind === "repositories") row.browser.stop();
    else if (isBrowseNode(row)) row.listing.cancel();
  }

  async #remember(known: KnownRepositories, repoDigest: string): Promise<void> {
    const { host, path } = parseImageReference(repoDigest);
    await known.add(host, path);
    this.#tree.pushed(host, path);
  }
}

/** Gives access to the extension's `RegistriesView`. */
export interface WithRegistriesView {
  readonly registriesView: RegistriesView;
}
