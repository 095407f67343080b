import * as vscode from "vscode";
import type { WithMemory } from "../../platform/memory";
import type { WithLog, WithRefresh, WithExtensionUri } from "../../platform/host";
import type { WithCore } from "../../access/coreAccess";
import type { Component, ComponentType } from "../../../core/base/component";
import { ImageBuilderError, messageOf } from "../../../core/base/errors";
import { componentSettings } from "../../settings/componentSettings";
import { onDidChangeSettings } from "../../platform/settings";
import { problemNodes, treeItemOf, type ComponentNode, type ComponentState, type Node } from "./nodes";

/** What a tree of components works with. */
export type ComponentsTreeServices = WithCore & WithExtensionUri & WithLog & WithMemory & WithRefresh;

/**
 * Components of one type by flavor. Each is asked for its state on its own, so that one that does not answer keeps no
 * other waiting.
 */
export class ComponentsTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<ComponentNode | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #subscriptions: vscode.Disposable;
  readonly #nodes = new Map<string, ComponentNode>();
  /** The question that counts for each component. */
  readonly #asked = new Map<string, object>();

  constructor(
    private readonly type: ComponentType,
    private readonly services: ComponentsTreeServices,
    private readonly askState: (component: Component) => Promise<ComponentState>,
  ) {
    this.#subscriptions = vscode.Disposable.from(
      services.refresh.event(() => this.askAnew()),
      onDidChangeSettings(() => this.askAnew()),
    );
  }

  /** How many have something wrong, as far as is known. */
  get problems(): number {
    return [...this.#nodes.values()].filter(({ state }) => state?.problem !== undefined).length;
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return treeItemOf(node, vscode.Uri.joinPath(this.services.extensionUri, "media/flavors"));
  }

  async getChildren(node?: Node): Promise<Node[]> {
    const { components, problems } = componentSettings(this.type);
    if (!node) {
      this.#forgetOthers(components);
      const flavors = await Promise.all(
        [...new Set(components.map(({ flavor }) => flavor))].map((name) => this.#flavorNode(name)),
      );
      return [...flavors, ...problems.flatMap(problemNodes)];
    }
    if (node.kind === "flavor")
      return components
        .filter((component) => component.flavor === node.name)
        .map((component) => this.nodeOf(component));
    if (node.kind !== "component" || !node.state) return [];
    const { problem, details } = node.state;
    const confirm: Node[] = node.state.isUnconfirmed ? [{ kind: "confirm", component: node.component }] : [];
    // What is wanted of a person comes first: a small view has room for a few rows.
    return [
      ...confirm,
      ...(problem === undefined ? [] : problemNodes(problem)),
      ...details.map(([label, value]): Node => ({ kind: "detail", label, value })),
    ];
  }

  async getParent(node: Node): Promise<Node | undefined> {
    return node.kind === "component" ? this.#flavorNode(node.component.flavor) : undefined;
  }

  /** The row of a component, which is asked for its state if it was not. */
  nodeOf(component: Component): ComponentNode {
    const { name } = component;
    const known = this.#nodes.get(name);
    const node: ComponentNode =
      known && isSame(known.component, component)
        ? known
        : {
            kind: "component",
            component,
            hasSecret: typeof component.configuration["authenticationSecret"] === "string",
            state: undefined,
            opensItself: false,
            isActive: false,
          };
    node.isActive = Object.values(this.services.memory.activeNames(this.type)).includes(name);
    if (node !== known) this.#asked.delete(name);
    this.#nodes.set(name, node);
    if (!this.#asked.has(name)) void this.#ask(node);
    return node;
  }

  /** Asks a component again, or all of them; what was known is shown until they have answered. */
  askAnew(name?: string): void {
    if (name === undefined) this.#asked.clear();
    else this.#asked.delete(name);
    this.#changed.fire(undefined);
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#changed.dispose();
  }

  async #flavorNode(name: string): Promise<Node> {
    const flavors = (await this.services.core.flavors()).list(this.type);
    return { kind: "flavor", name, flavor: flavors.find((flavor) => flavor.name === name) };
  }

  /** An answer to a question that was forgotten goes nowhere. */
  async #ask(node: ComponentNode): Promise<void> {
    const { name } = node.component;
    const question = {};
    this.#asked.set(name, question);
    const state = await this.askState(node.component).catch((error: unknown): ComponentState => {
      this.services.log.warn(messageOf(error));
      return {
        summary: "",
        details: [],
        problem: messageOf(error),
        isUnconfirmed: ImageBuilderError.is(error, "sourceNotConfirmed"),
      };
    });
    if (this.#asked.get(name) !== question) return;
    // What is wanted of a person is not left in a closed row.
    if (!node.state || state.isUnconfirmed) node.opensItself = state.problem !== undefined;
    node.state = state;
    // A row that has another id now is one of the tree above it.
    this.#changed.fire(node.opensItself ? undefined : node);
  }

  #forgetOthers(components: readonly Component[]): void {
    const names = new Set(components.map(({ name }) => name));
    for (const name of this.#nodes.keys()) {
      if (names.has(name)) continue;
      this.#nodes.delete(name);
      this.#asked.delete(name);
    }
  }
}

function isSame(one: Component, other: Component): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
