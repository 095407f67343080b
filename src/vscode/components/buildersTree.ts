import * as vscode from "vscode";
import type { Component } from "../../core/base/component";
import { LocalImagesNode } from "./localImages/localImageNodes";
import { isLocalImageRow, localImageItem, rowsOf, type LocalImageRow } from "./localImages/localImageRows";
import type { LocalImages } from "./localImages/localImages";
import { ComponentsTree, type ComponentsTreeServices } from "./tree/componentsTree";
import type { ComponentState, Node } from "./tree/nodes";

/** Row of the Builders view. */
export type BuilderRow = Node | LocalImageRow;

/** Tree of the builders by flavor. Below those that build with the local daemon are the images of that daemon. */
export class BuildersTree implements vscode.TreeDataProvider<BuilderRow>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<BuilderRow | BuilderRow[] | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #subscriptions: vscode.Disposable;
  /** Rows of the images, by name of the builder. */
  readonly #images = new Map<string, LocalImagesNode>();
  readonly components: ComponentsTree;

  constructor(
    services: ComponentsTreeServices,
    private readonly localImages: LocalImages,
    askState: (component: Component) => Promise<ComponentState>,
  ) {
    this.components = new ComponentsTree("image_builder", services, askState);
    this.#subscriptions = vscode.Disposable.from(
      this.components,
      this.components.onDidChangeTreeData((node) => this.#changed.fire(node)),
      localImages.onDidChange(() => this.#changed.fire([...this.#images.values()])),
    );
  }

  getTreeItem(row: BuilderRow): vscode.TreeItem {
    if (!isLocalImageRow(row)) return this.components.getTreeItem(row);
    return localImageItem(row, this.localImages.known);
  }

  async getChildren(row?: BuilderRow): Promise<BuilderRow[]> {
    if (row?.kind === "localImages") return rowsOf(row, this.localImages.get());
    if (row && isLocalImageRow(row)) return [];
    const rows = await this.components.getChildren(row);
    return row?.kind === "component" && row.state?.hasImages ? [this.#imagesOf(row.component), ...rows] : rows;
  }

  async getParent(row: BuilderRow): Promise<BuilderRow | undefined> {
    return isLocalImageRow(row) ? undefined : this.components.getParent(row);
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#changed.dispose();
  }

  #imagesOf({ name }: Component): LocalImagesNode {
    const node = this.#images.get(name) ?? new LocalImagesNode(name, (changed) => this.#changed.fire(changed));
    this.#images.set(name, node);
    return node;
  }
}
