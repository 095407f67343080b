import * as vscode from "vscode";
import type { Component, ComponentType } from "../../core/components/component";
import { messageOf } from "../../core/errors";
import { componentSettings } from "../components/componentSettings";
import type { Services } from "../services";
import { onDidChangeSettings } from "../settings";
import { problemNodes, treeItemOf, type ComponentState, type Node } from "./nodes";

type States = Map<string, ComponentState | { readonly problem: string }>;

/** Components of one type by flavor. Each is asked for its state on its own, so that one that does not answer keeps no other waiting. */
export class ComponentsTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #subscriptions: vscode.Disposable;
  #states: States = new Map();
  #asked = new Set<string>();

  constructor(
    private readonly type: ComponentType,
    private readonly services: Services,
    private readonly askState: (component: Component) => Promise<ComponentState>,
  ) {
    this.#subscriptions = vscode.Disposable.from(
      services.refresh.event(() => this.#forget()),
      onDidChangeSettings(() => this.#forget()),
    );
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return treeItemOf(node);
  }

  async getChildren(node?: Node): Promise<Node[]> {
    const { components, problems } = componentSettings(this.type);
    if (!node) {
      const names = [...new Set(components.map((component) => component.flavor))];
      if (names.length === 0) return problems.flatMap(problemNodes);
      const flavors = (await this.services.core.flavors()).list(this.type);
      const rows = names.map((name): Node => ({ kind: "flavor", name, flavor: flavors.find((flavor) => flavor.name === name) }));
      return [...rows, ...problems.flatMap(problemNodes)];
    }
    if (node.kind === "flavor") return components.filter((component) => component.flavor === node.name).map((component) => this.#nodeOf(component));
    if (node.kind !== "component" || !node.state) return [];
    if ("problem" in node.state) return problemNodes(node.state.problem);
    return node.state.details.map(([label, value]) => ({ kind: "detail", label, value }));
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#changed.dispose();
  }

  #nodeOf(component: Component): Node {
    if (!this.#asked.has(component.name)) {
      this.#asked.add(component.name);
      void this.#ask(component, this.#states);
    }
    return { kind: "component", component, state: this.#states.get(component.name), hasSecret: typeof component.configuration["authenticationSecret"] === "string" };
  }

  /** An answer that comes after the question was forgotten goes nowhere. */
  async #ask(component: Component, states: States): Promise<void> {
    const state = await this.askState(component).catch((error: unknown) => {
      this.services.log.warn(messageOf(error));
      return { problem: messageOf(error) };
    });
    states.set(component.name, state);
    if (states === this.#states) this.#changed.fire(undefined);
  }

  #forget(): void {
    this.#states = new Map();
    this.#asked = new Set();
    this.#changed.fire(undefined);
  }
}
