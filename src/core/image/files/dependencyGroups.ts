import { packageName } from "./packageName";
import { isTable, tableIn, textsIn } from "./toml";

/** The groups of `[dependency-groups]` in a `pyproject.toml`, and uv's older list for development. */
export class DependencyGroups {
  readonly #groups = new Map<string, unknown[]>();

  /** @param content of the `pyproject.toml` */
  constructor(content: Readonly<Record<string, unknown>>) {
    const older = tableIn(content, "tool", "uv")["dev-dependencies"];
    for (const [name, list] of [["dev", older], ...Object.entries(tableIn(content, "dependency-groups"))] as const)
      if (Array.isArray(list)) this.#add(packageName(name), list);
  }

  /** Whether there is a group. @param name as indexes compare it */
  has(name: string): boolean {
    return this.#groups.has(name);
  }

  keys(): Iterable<string> {
    return this.#groups.keys();
  }

  /** Dependencies of all groups. */
  all(): string[] {
    return [...this.#groups.values()].flatMap(textsIn);
  }

  /** Dependencies of some groups and of those that they include, in this order, each group once. */
  dependenciesOf(names: readonly string[]): string[] {
    const seen = new Set<string>();
    return names.flatMap((name) => this.#reached(packageName(name), seen)).flatMap((name) => this.#textsOf(name));
  }

  /** Names of a group and of those that it includes, which are then seen. */
  #reached(start: string, seen: Set<string>): string[] {
    if (seen.has(start)) return [];
    seen.add(start);
    const found = [start];
    for (const name of found) {
      for (const each of this.#groups.get(name) ?? []) {
        const inner =
          isTable(each) && typeof each["include-group"] === "string" ? packageName(each["include-group"]) : undefined;
        if (inner === undefined || seen.has(inner)) continue;
        seen.add(inner);
        found.push(inner);
      }
    }
    return found;
  }

  #textsOf(name: string): string[] {
    return textsIn(this.#groups.get(name));
  }

  #add(name: string, list: readonly unknown[]): void {
    const known = this.#groups.get(name);
    if (!known) this.#groups.set(name, [...list]);
    else for (const each of list) known.push(each);
  }
}
