import { existsSync, readdirSync } from "node:fs";
import { join, posix } from "node:path";
import { isConfined, type Confinement } from "./confinement";

/** Finds the files of a project's Python modules. Lists each folder once, however many modules are asked for. */
export class ModuleFiles {
  readonly #names = new Map<string, ReadonlySet<string>>();

  /** @param within folders outside of which nothing is listed */
  constructor(
    private readonly root: string,
    private readonly within: Confinement,
  ) {}

  /**
   * A module's file and the packages that lead to it, as Python runs them; nothing for what is not the project's.
   *
   * @param module slash-separated, without extension
   */
  of(module: string): string[] {
    if (module === "." || module.startsWith("..")) return [];
    const found: string[] = [];
    let folder = ".";
    for (const part of module.split("/")) {
      const path = inFolder(folder, part);
      if (this.#has(folder, `${part}.py`) && path === module) found.push(`${path}.py`);
      if (!this.isFolder(path)) return found;
      if (this.#has(path, "__init__.py")) found.push(inFolder(path, "__init__.py"));
      folder = path;
    }
    return found;
  }

  /** Whether there may be modules in a path. */
  isFolder(path: string): boolean {
    return this.#namesIn(path).size > 0;
  }

  /** A link that leads nowhere is no file. */
  #has(folder: string, name: string): boolean {
    return this.#namesIn(folder).has(name) && existsSync(join(this.root, folder, name));
  }

  #namesIn(folder: string): ReadonlySet<string> {
    let names = this.#names.get(folder);
    if (!names) this.#names.set(folder, (names = this.#list(folder)));
    return names;
  }

  #list(folder: string): ReadonlySet<string> {
    const isThere = folder === "." || this.#namesIn(posix.dirname(folder)).has(posix.basename(folder));
    if (!isThere || !isConfined(join(this.root, folder), this.within)) return new Set();
    try {
      return new Set(readdirSync(join(this.root, folder)));
    } catch {
      // It is no folder, or one whose modules Python cannot find either.
      return new Set();
    }
  }
}

/** A path below a folder, where `.` is the project itself. */
export function inFolder(folder: string, name: string): string {
  return folder === "." ? name : `${folder}/${name}`;
}
