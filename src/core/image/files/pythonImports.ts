import { existsSync, readdirSync, realpathSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { checkWithin } from "./namedFiles";
import { checkConfined, type Confinement } from "./confinement";
import { missing, readNamed } from "./requirePath";

/**
 * The project's own Python files that running the entry points loads, as far as import statements tell; relative to the root,
 * slash-separated and sorted.
 *
 * @param entrypoints relative to the root; default is every Python file that is right in it
 * @throws ImageBuilderError `imageFileMissing` when there is none
 */
export function importedFiles(root: string, entrypoints?: readonly string[], within?: Confinement): string[] {
  checkConfined(root, within);
  const starts = entrypoints ?? readdirSync(root).filter((name) => name.endsWith(".py"));
  if (starts.length === 0) {
    throw missing("withCodeBundle", `there is no Python file in "${root}" to follow imports from: name entry points, or use copyStyle "all".`);
  }
  const found = new Set<string>();
  const pending = starts.map((path) => posix.normalize(path));
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (found.has(path)) continue;
    checkConfined(join(root, path), within);
    if (!existsSync(join(root, path))) throw missing("withCodeBundle", `there is no file "${join(root, path)}": correct the entry point.`);
    checkWithin(join(root, path), realpathSync.native(join(root, path)), root);
    found.add(path);
    for (const module of importedModules(readNamed("withCodeBundle", join(root, path)), path)) pending.push(...filesOf(root, module));
  }
  return [...found].sort();
}

/** No system knows a longer one. */
const longestPath = 4096;

/** Slash-separated paths without extension, that may be modules, packages or names in them. */
function importedModules(text: string, path: string): string[] {
  const source = text.replace(/\\\r?\n/g, " ");
  const plain = Array.from(source.matchAll(/^[ \t]*import[ \t]+([^\r\n#;]+)/gm), ([, names = ""]) => names.split(",").map((name) => dotted("", nameOf(name), path)));
  const from = Array.from(source.matchAll(/^[ \t]*from[ \t]+([\w.]+)[ \t]+import[ \t]/gm), ({ 0: whole, 1: from = "", index }) => {
    const imported = /\([^()]*\)|[^\r\n#;]+/y;
    imported.lastIndex = index + whole.length;
    const [names = ""] = imported.exec(source) ?? [];
    const [dots = ""] = /^\.*/.exec(from) ?? [];
    const base = dotted(dots, from.slice(dots.length), path);
    const inner = names.replace(/#.*$/gm, "").replace(/[()]/g, "").split(",").map(nameOf).filter((name) => /^\w+$/.test(name));
    return base.length > longestPath ? [] : [base, ...inner.map((name) => posix.join(base, name))];
  });
  return [...plain.flat(), ...from.flat()].filter((module) => module.length <= longestPath);
}

function nameOf(text: string): string {
  return text.trim().split(/\s/)[0] ?? "";
}

/** One dot is the file's own package, each further one the package around it. */
function dotted(dots: string, module: string, path: string): string {
  const base = dots === "" ? "." : posix.join(dirname(path), "../".repeat(dots.length - 1));
  return posix.join(base, module.replaceAll(".", "/"));
}

/** A module's file and the packages that lead to it, as Python runs them; nothing for what is not the project's. */
function filesOf(root: string, module: string): string[] {
  if (module === "." || module.startsWith("..")) return [];
  const parts = module.split("/");
  const packages = parts.map((_, i) => `${parts.slice(0, i + 1).join("/")}/__init__.py`);
  return [...packages, `${module}.py`].filter((path) => existsSync(join(root, path)));
}
