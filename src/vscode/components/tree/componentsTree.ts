import * as vscode from "vscode";
import type { WithMemory } from "../../platform/memory";
import type { WithSecrets } from "../../platform/secrets";
import type { WithLog, WithRefresh, WithExtensionUri } from "../../platform/host";
import type { WithCore } from "../../access/coreAccess";
import type { Component, ComponentType } from "../../../core/base/component";
import { ImageBuilderError, messageOf } from "../../../core/base/errors";
import { componentSettings } from "../../settings/componentSettings";
import { onDidChangeSettings } from "../../platform/settings";
import { problemNodes, treeItemOf, type ComponentNode, type ComponentState, type FlavorNode, type Node } from "./nodes";

/** Services that a tree of components requires. */
export type ComponentsTreeServices = WithCore & WithExtensionUri & WithLog & WithMemory & WithRefresh & WithSecrets;

/**
 * Tree of the components of one type, grouped by flavor. Builders have a group for each registered flavor; registries
 * have no groups if all are of one flavor. The state of each component is loaded independently, so that a
 * slow one doesn't delay the others.
 */
export class ComponentsTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<ComponentNode | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #subscriptions: vscode.Disposable;
  readonly #nodes = new Map<string, ComponentNode>();
  /** Latest request for the state of each component, by name. Results of earlier requests are ignored. */
  readonly #asked = new Map<string, object>();

  constructor(
    private readonly type: ComponentType,
    private readonly services: ComponentsTreeServices,
    private readonly askState: (component: Component) => Promise<ComponentState>,
  ) {
    this.#subscriptions = vscode.Disposable.from(
      services.refresh.event(() => this.askAnew()),
      // A password is stored after the entry that names it, so the state may have been requested in between.
      services.secrets.onDidChange(() => this.askAnew()),
      onDidChangeSettings(() => this.askAnew()),
    );
  }

  /** Number of components with a known problem. */
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
      const rows = this.#isFlat(components)
        ? components.map((component) => this.nodeOf(component))
        : await this.#flavorNodes(components);
      return [...rows, ...problems.flatMap(problemNodes)];
    }
    if (node.kind === "flavor")
      return components
        .filter((component) => component.flavor === node.name)
        .map((component) => this.nodeOf(component));
    if (node.kind !== "component" || !node.state) return [];
    const { problem, details } = node.state;
    const confirm: Node[] = node.state.isUnconfirmed ? [{ kind: "confirm", component: node.component }] : [];
    // Show required actions first, because a small view has room for a few rows.
    return [
      ...confirm,
      ...(problem === undefined ? [] : problemNodes(problem)),
      ...details.map(([label, value]): Node => ({ kind: "detail", label, value })),
    ];
  }

  async getParent(node: Node): Promise<Node | undefined> {
    const { components } = componentSettings(this.type);
    if (node.kind !== "component" || this.#isFlat(components)) return undefined;
    return (await this.#flavorNodes(components)).find(({ name }) => name === node.component.flavor);
  }

  /** Returns the row of a component, and requests its state if that has not been done. */
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

  /** Requests the state of one component again, or of all. Until it arrives, the previous state is shown. */
  askAnew(name?: string): void {
    if (name === undefined) this.#asked.clear();
    else this.#asked.delete(name);
    this.#changed.fire(undefined);
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#changed.dispose();
  }

  /** Whether the rows of the components are at the top level. */
  #isFlat(components: readonly Component[]): boolean {
    return this.type === "container_registry" && new Set(components.map(({ flavor }) => flavor)).size < 2;
  }

  /** Returns the rows of the flavors: those in use in the order of the settings, then all other builders. */
  async #flavorNodes(components: readonly Component[]): Promise<FlavorNode[]> {
    const flavors = (await this.services.core.flavors()).list(this.type);
    const used = new Set(components.map(({ flavor }) => flavor));
    const unused = this.type === "image_builder" ? flavors.filter(({ name }) => !used.has(name)) : [];
    return [...used, ...unused.map(({ name }) => name)].map((name) => ({
      kind: "flavor",
      name,
      flavor: flavors.find((flavor) => flavor.name === name),
      isUsed: used.has(name),
    }));
  }

  /** Requests the state of a component. The result of an outdated request is dropped. */
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
    // Expands the row if the person must act.
    if (!node.state || state.isUnconfirmed) node.opensItself = state.problem !== undefined;
    node.state = state;
    // Expanding changes the id of a row, so the whole tree must be refreshed. So must it for a row of the top level:
    // VS Code keeps its previous item, and shows that again when the view is opened the next time.
    const isAtTop = this.#isFlat(componentSettings(this.type).components);
    this.#changed.fire(node.opensItself || isAtTop ? undefined : node);
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
