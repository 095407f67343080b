import { existsSync, realpathSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { contactedHost } from "../../base/contactedHost";
import { checkWithin, linkedOut } from "./namedFiles";
import { namesIn } from "./confinedFiles";
import { checkConfined, type Confinement } from "./confinement";
import { withoutEnd } from "../../base/trimText";
import { LinkedFiles } from "./linkedFiles";
import { inFolder, ModuleFiles } from "./moduleFiles";
import { once } from "./readOnce";
import { missing, readNamed } from "./requirePath";

/**
 * Returns the project's own Python files that the entry points load, based on import statements; relative to the root,
 * with slashes, sorted.
 *
 * @param entrypoints paths relative to the root; default is every Python file directly in it
 * @throws ImageBuilderError `imageFileMissing` if there is no entry point, or if one doesn't exist
 */
export function importedFiles(root: string, entrypoints?: readonly string[], within?: Confinement): readonly string[] {
  return once("importedFiles", [root, entrypoints, within], () => followedFiles(root, entrypoints, within));
}

function followedFiles(root: string, entrypoints: readonly string[] | undefined, within: Confinement): string[] {
  const starts = entryFiles(root, entrypoints, within);
  const files = new ModuleFiles(root, within);
  const found = new Set<string>();
  const links = new LinkedFiles();
  const pending = starts.map((path) => posix.normalize(path));
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (found.has(path)) continue;
    // A bundle takes nothing from outside its folder, so the person isn't asked about that.
    if (within?.asks !== true) checkConfined(join(root, path), within);
    if (contactedHost(path, root) !== undefined) throw linkedOut(join(root, path), root);
    if (!existsSync(join(root, path)))
      throw missing("withCodeBundle", `the file "${join(root, path)}" doesn't exist. Correct the entry point.`);
    checkWithin(join(root, path), realpathSync.native(join(root, path)), root);
    found.add(path);
    // Python itself would not end where links lead to the same file by ever longer names.
    if (!links.mayFollow(join(root, path))) continue;
    const modules = new Set<string>();
    for (const { module, names } of imports(readNamed("withCodeBundle", join(root, path), within), path)) {
      modules.add(module);
      for (const name of files.modulesIn(module, names)) modules.add(inFolder(module, name));
    }
    for (const module of modules) pending.push(...files.of(module));
  }
  return [...found].sort();
}

/**
 * Returns the entry points, at least one; throws as {@link importedFiles}, for which no file is read here.
 */
export function entryFiles(root: string, entrypoints?: readonly string[], within?: Confinement): readonly string[] {
  checkConfined(root, within);
  const starts = entrypoints ?? namesIn(root, within).filter((name) => name.endsWith(".py"));
  if (starts.length > 0) return starts;
  throw missing(
    "withCodeBundle",
    `there is no Python file in "${root}" to follow imports from. Specify entry points, or use copyStyle "all".`,
  );
}

/** Longer than any path that a system allows, in characters. */
const longestPath = 4096;

/** Modules that an import statement loads. */
interface Import {
  /** Path of the module, with slashes and without extension. */
  readonly module: string;
  /** Imported names, each of which may be a submodule. */
  readonly names: readonly string[];
}

function imports(text: string, path: string): Import[] {
  const source = text.replace(/\\\r?\n/g, " ");
  const plain = Array.from(source.matchAll(/^[ \t]*import[ \t]+([^\r\n#;]+)/gm), ([, names = ""]) =>
    distinct(names.split(",")).map((name) => ({ module: dotted("", name, path), names: [] })),
  );
  const from = Array.from(
    source.matchAll(/^[ \t]*from[ \t]+([\w.]+)[ \t]+import[ \t]/gm),
    ({ 0: whole, 1: from = "", index }) => {
      const imported = /\([^()]*\)|[^\r\n#;]+/y;
      imported.lastIndex = index + whole.length;
      const [names = ""] = imported.exec(source) ?? [];
      const [dots = ""] = /^\.*/.exec(from) ?? [];
      const inner = names.replace(/#.*$/gm, "").replace(/[()]/g, "").split(",");
      return {
        module: dotted(dots, from.slice(dots.length), path),
        names: distinct(inner).filter((name) => /^\w+$/.test(name)),
      };
    },
  );
  return [...plain.flat(), ...from].filter(({ module }) => module.length <= longestPath);
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names.map((name) => name.trim().split(/\s/, 1)[0] ?? ""))];
}

/**
 * Converts a module name to a path. One dot is the file's own package, each further one the package around it; dots
 * that lead out of the project are all treated alike.
 */
function dotted(dots: string, module: string, path: string): string {
  const above = Math.min(dots.length - 1, path.split("/").length);
  const base = dots === "" ? "." : posix.join(dirname(path), "../".repeat(above));
  return withoutEnd(posix.join(base, module.slice(0, longestPath + 1).replaceAll(".", "/")), "/");
}
