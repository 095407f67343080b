import { fileURLToPath } from "node:url";
import { dirname, resolve } from "node:path";
import { parse, TomlError } from "smol-toml";
import { definitionInvalid } from "../definition/check";
import type { Confinement } from "./confinement";
import { once } from "./readOnce";
import { readNamed, requireFile } from "./requirePath";
import { isTable, tableIn, textsIn } from "./toml";

/** Requirements in a script's header. */
export interface ScriptHeader {
  readonly requiresPython: string | undefined;
  readonly packages: readonly string[];
  /** Absolute paths of projects on this machine. */
  readonly projects: readonly string[];
  /** The table `[tool.uv]`, as far as it changes what is installed. */
  readonly uv: Readonly<Record<string, unknown>>;
}

/** Keys of `[tool.uv]` that affect which packages are installed. */
const installKeys = new Set([
  ...["sources", "index", "index-url", "extra-index-url", "find-links", "no-index", "index-strategy", "exclude-newer"],
  ...["exclude-newer-package", "prerelease", "resolution", "constraint-dependencies", "override-dependencies"],
  ...["no-build", "no-build-package", "no-binary", "no-binary-package", "no-sources", "fork-strategy"],
  ...["dependency-metadata", "config-settings", "no-build-isolation", "no-build-isolation-package", "environments"],
]);

const where = "fromUvScript";

/**
 * Reads the header of a Python script.
 *
 * @throws ImageBuilderError `imageFileMissing`; `imageInvalid` for a file that is not a script, or has no valid header
 * @see https://packaging.python.org/en/latest/specifications/inline-script-metadata/
 */
export function readScript(root: string, path: string, within?: Confinement): ScriptHeader {
  return once("readScript", [root, path, within], () => headerOf(root, path, within));
}

function headerOf(root: string, path: string, within: Confinement): ScriptHeader {
  const file = requireFile(where, root, path, within);
  if (!file.endsWith(".py")) throw definitionInvalid(where, `"${file}" does not end in ".py". Use a Python script.`);
  const block = metadataBlock(readNamed(where, file, within).replace(/^\uFEFF/, ""));
  if (block === undefined) {
    throw definitionInvalid(
      where,
      `"${file}" has no uv metadata block. ` +
        'Start it with "# /// script", a line such as \'# dependencies = ["requests"]\', and "# ///".',
    );
  }
  const header = parseHeader(file, block);
  const dependencies = textsIn(header.dependencies);
  const isLocal = (dependency: string): boolean => dependency.includes("file://");
  return {
    requiresPython: typeof header["requires-python"] === "string" ? header["requires-python"] : undefined,
    packages: dependencies.filter((dependency) => !isLocal(dependency)),
    projects: dependencies.filter(isLocal).map((dependency) => projectOf(file, dependency)),
    uv: Object.fromEntries(Object.entries(tableIn(header, "tool", "uv")).filter(([key]) => installKeys.has(key))),
  };
}

/**
 * Returns the text of the first block of comments between `# /// script` and the last `# ///` of them, without
 * the comments' marks; undefined if there is none.
 *
 * @see https://peps.python.org/pep-0723/
 */
function metadataBlock(text: string): string | undefined {
  const lines = text.split(/\r?\n/);
  for (let start = 0; start < lines.length; start++) {
    if (!/^# \/\/\/ script[ \t]*$/.test(lines[start] ?? "")) continue;
    const block = commentsFrom(lines, start + 1);
    const end = block.findLastIndex((line) => /^\/\/\/[ \t]*$/.test(line));
    if (end >= 0)
      return block
        .slice(0, end)
        .map((line) => `${line}\n`)
        .join("");
    start += block.length;
  }
  return undefined;
}

function commentsFrom(lines: readonly string[], start: number): string[] {
  const comments: string[] = [];
  for (let at = start; lines[at] === "#" || lines[at]?.startsWith("# "); at++)
    comments.push((lines[at] ?? "").slice("# ".length));
  return comments;
}

function parseHeader(file: string, text: string): Readonly<Record<string, unknown>> {
  try {
    const header: unknown = parse(text);
    return isTable(header) ? header : {};
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [reason = ""] = error.message.split("\n");
    throw definitionInvalid(
      where,
      `the metadata block of "${file}" is not valid TOML, in line ${error.line} of the block (${reason}). Correct it.`,
      error,
    );
  }
}

function projectOf(file: string, dependency: string): string {
  const path = dependency.slice(dependency.lastIndexOf("file://") + "file://".length).trim();
  if (!path.startsWith("/")) return resolve(dirname(file), path);
  try {
    return fileURLToPath(`file://${path}`);
  } catch (error) {
    const example = process.platform === "win32" ? "file:///C:/project" : "file:///home/me/project";
    throw definitionInvalid(
      where,
      `the dependency "${dependency}" of "${file}" is not a folder on this machine. ` +
        `Use a URL such as "${example}", or a path relative to the script, such as "file://project".`,
      error,
    );
  }
}
