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

/** What the view of registries works with. */
export interface RegistriesViewServices extends ComponentsTreeServices {
  readonly builds: Builds;
}

/** The view of the registries: where the credentials for each come from, and what is in it. */
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

  /** The row that is selected, if one is. */
  get selected(): RegistryRow | undefined {
    return this.#view.selection[0];
  }

  browserOf(component: Component): RegistryBrowser {
    return this.#tree.browserOf(component);
  }

  /** Asks a component's state anew, such as after its credentials were checked. */
  askAnew(component: Component): void {
    this.#tree.components.askAnew(component.name);
  }

  /** Brings a row into sight, opened. */
  async reveal(node: BrowseNode): Promise<void> {
    await vscode.commands.executeCommand("imageBuilders.registries.focus");
    await this.#view.reveal(node, { select: true, focus: true, expand: true });
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  /** What is closed is not waited for any more, nor is what is below it. */
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

/** Holds the extension's `RegistriesView`. */
export interface WithRegistriesView {
  readonly registriesView: RegistriesView;
}
