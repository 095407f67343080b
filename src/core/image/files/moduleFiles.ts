import { join, posix } from "node:path";
import { contactedHost, isThere } from "../../base/contactedHost";
import { ImageBuilderError } from "../../base/errors";
import { namesIn } from "./confinedFiles";
import { isConfined, type Confinement } from "./confinement";
import { linkedOut } from "./namedFiles";

/** Finds the files of a project's Python modules. Lists each folder only once. */
export class ModuleFiles {
  readonly #names = new Map<string, ReadonlySet<string>>();

  /** @param within only folders that may be listed */
  constructor(
    private readonly root: string,
    private readonly within: Confinement,
  ) {}

  /**
   * Returns a module's file and the `__init__.py` files of its packages, in Python's order; empty if the module is not
   * part of the project.
   *
   * @param module module path with slashes, without extension
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

  /** Returns the names that may be modules or packages in a folder. */
  modulesIn(folder: string, names: readonly string[]): readonly string[] {
    const there = this.#namesIn(folder);
    return there.size === 0 ? [] : names.filter((name) => there.has(name) || there.has(`${name}.py`));
  }

  /** Whether a path is a folder that may contain modules. */
  isFolder(path: string): boolean {
    return this.#namesIn(path).size > 0;
  }

  /** Whether a file exists in a folder; a broken link doesn't count. */
  #has(folder: string, name: string): boolean {
    return this.#namesIn(folder).has(name) && isThere(join(this.root, folder, name));
  }

  #namesIn(folder: string): ReadonlySet<string> {
    let names = this.#names.get(folder);
    if (!names) this.#names.set(folder, (names = this.#list(folder)));
    return names;
  }

  #list(folder: string): ReadonlySet<string> {
    const isListed = folder === "." || this.#namesIn(posix.dirname(folder)).has(posix.basename(folder));
    if (!isListed) return new Set();
    const path = join(this.root, folder);
    if (contactedHost(path, this.root) !== undefined) throw linkedOut(path, this.root);
    if (!isConfined(path, this.within)) {
      // A bundle takes nothing from outside its folder, so the person isn't asked about that.
      if (this.within?.asks === true && folder !== ".") throw linkedOut(path, this.root);
      return new Set();
    }
    try {
      return new Set(namesIn(path, this.within));
    } catch (error) {
      if (ImageBuilderError.is(error)) throw error;
      // The path is not a folder, or one that Python can't read either.
      return new Set();
    }
  }
}

/** Joins a name to a folder, where `.` is the project itself. */
export function inFolder(folder: string, name: string): string {
  return folder === "." ? name : `${folder}/${name}`;
}
