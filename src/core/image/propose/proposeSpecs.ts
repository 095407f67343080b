import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { isLinkedAway } from "../../base/contactedHost";
import { ImageBuilderError } from "../../base/errors";
import { sanitizeImageName } from "../../base/sanitizeName";
import { listed } from "../files/confinedFiles";
import { isConfined, type Confinement } from "../files/confinement";
import { readScript } from "../files/uvScript";
import type { Architecture } from "../definition/platform";
import { defaultPython, type PythonVersion } from "../definition/pythonVersion";
import { pythonOfFolder, type SelectedPython } from "../resolve/python";
import type { SpecInput } from "../spec/specSchema";
import { writeImageSpec } from "../spec/writeImageSpec";

/** Kind of content that a spec is proposed for. */
export type ProposalKind =
  "uvProject" | "poetryProject" | "requirements" | "uvScript" | "node" | "dockerfile" | "empty";

/** Image spec that fits a folder. */
export interface SpecProposal {
  readonly kind: ProposalKind;
  /** File in the folder that the spec is based on; undefined for a spec that fits any folder. */
  readonly source?: string;
  /** Unused file name in the folder. */
  readonly fileName: string;
  readonly text: string;
}

interface Draft {
  readonly kind: ProposalKind;
  readonly source?: string;
  readonly spec: SpecInput;
  readonly comment: string;
}

/** Registry for a spec that requires one, if none is configured. */
export const exampleRegistry = "localhost:5000";

/** Comment in a new file. */
const docs =
  "The base and the layers of this image, in order.\n" +
  "The tag is computed from the content, so an existing image isn't built again.";

/** Files that a spec can be based on, besides scripts. */
const sources = [
  "pyproject.toml",
  "poetry.lock",
  "requirements.txt",
  "package.json",
  "package-lock.json",
  "Dockerfile",
];

/** Maximum numbers of scripts that are read, and of those that are offered: a folder may hold very many. */
const [mostRead, mostScripts] = [500, 20];

/** Platform of this machine's programs, which every local daemon can build for. */
const ownPlatform: Architecture = process.arch === "arm64" ? "linux/arm64" : "linux/amd64";

/**
 * Spec files that fit what a folder holds, the most telling first; the last one fits any.
 *
 * @param folder absolute path
 * @param registry for an image by a Dockerfile, which has to name one
 * @param within folders that links must not lead out of; what does is passed over
 * @param interpreter the version of Python that is selected in the editor, for folders that select none
 */
export async function proposeSpecs(
  folder: string,
  registry = exampleRegistry,
  within?: Confinement,
  interpreter?: PythonVersion,
): Promise<SpecProposal[]> {
  const all = listed(folder, within, (place) => readdirSync(place)) ?? [];
  const taken = new Set(all);
  const names = new Set(sources.filter((name) => taken.has(name) && isUsable(folder, name, within)));
  const name = sanitizeImageName(basename(folder));
  const scripts = scriptsIn(folder, all, within);
  const selected = pythonOf(folder, within, interpreter);
  const python = {
    from: { base: `python:${(selected?.version ?? defaultPython).join(".")}-slim` },
    clone: { name, platform: ownPlatform },
  };
  const pythonDocs = selected ? `${docs}\nPython ${selected.version.join(".")} comes from ${selected.origin}.` : docs;
  const code = [{ codeBundle: { copyStyle: "all" } }] satisfies SpecInput["layers"];
  const drafts: (Draft | false)[] = [
    names.has("pyproject.toml") &&
      !names.has("poetry.lock") && {
        kind: "uvProject",
        source: "pyproject.toml",
        comment: pythonDocs,
        spec: { ...python, layers: [{ workdir: "/app" }, { uvProject: "pyproject.toml" }, ...code] },
      },
    names.has("pyproject.toml") &&
      names.has("poetry.lock") && {
        kind: "poetryProject",
        source: "pyproject.toml",
        comment: pythonDocs,
        spec: { ...python, layers: [{ workdir: "/app" }, { poetryProject: "pyproject.toml" }, ...code] },
      },
    names.has("requirements.txt") && {
      kind: "requirements",
      source: "requirements.txt",
      comment: pythonDocs,
      spec: { ...python, layers: [{ workdir: "/app" }, { requirements: "requirements.txt" }, ...code] },
    },
    ...scripts.map((script): Draft => ({
      kind: "uvScript",
      source: script,
      comment: docs,
      spec: {
        from: { uvScript: { script, name: sanitizeImageName(basename(script, ".py")), platform: ownPlatform } },
        layers: [{ workdir: "/app" }, { sourceFile: script }],
      },
    })),
    names.has("package.json") && {
      kind: "node",
      source: "package.json",
      comment: `${docs}\nExclude node_modules in .dockerignore: it is installed during the build.`,
      spec: {
        from: { base: "node:22-slim" },
        clone: { name, platform: ownPlatform },
        layers: [
          { workdir: "/app" },
          { sourceFile: names.has("package-lock.json") ? ["package.json", "package-lock.json"] : ["package.json"] },
          { commands: [names.has("package-lock.json") ? "npm ci --omit=dev" : "npm install --omit=dev"] },
          ...code,
        ],
      },
    },
    names.has("Dockerfile") && {
      kind: "dockerfile",
      source: "Dockerfile",
      comment: "Builds the Dockerfile.\nThe tag is computed from the content, so an existing image isn't built again.",
      spec: { from: { dockerfile: { file: "Dockerfile", registry, name, platform: ownPlatform } } },
    },
    {
      kind: "empty",
      comment: docs,
      spec: {
        from: { base: "debian:bookworm-slim" },
        clone: { name, platform: ownPlatform },
        layers: [{ workdir: "/app" }, ...code],
      },
    },
  ];
  return drafts
    .filter((draft) => draft !== false)
    .map(({ kind, source, spec, comment }) => {
      const fileName = freeName(
        taken,
        kind === "uvScript" && source ? sanitizeImageName(basename(source, ".py")) : name,
      );
      return { kind, source, fileName, text: writeImageSpec(spec, fileName, comment) };
    });
}

function freeName(taken: ReadonlySet<string>, name: string): string {
  let free = `${name}.image.yaml`;
  for (let number = 2; taken.has(free); number++) free = `${name}-${number}.image.yaml`;
  return free;
}

/** Returns the first scripts with a valid header, of the first names. */
function scriptsIn(folder: string, names: readonly string[], within: Confinement): string[] {
  const files = names.filter((name) => name.endsWith(".py")).sort();
  const found: string[] = [];
  for (const name of files.slice(0, mostRead)) {
    if (found.length === mostScripts) break;
    if (isUsable(folder, name, within) && hasHeader(folder, name, within)) found.push(name);
  }
  return found;
}

/** Whether a link at a name stays in the permitted folders. */
function isUsable(folder: string, name: string, within: Confinement): boolean {
  const path = join(folder, name);
  return !isLinkedAway(path) && isConfined(path, within);
}

function hasHeader(folder: string, name: string, within: Confinement): boolean {
  try {
    readScript(folder, name, within);
    return true;
  } catch (error) {
    if (ImageBuilderError.is(error)) return false;
    throw error;
  }
}

/**
 * Returns the version that the folder selects, otherwise the editor's. A file that can't be read is reported by the
 * spec.
 */
function pythonOf(
  folder: string,
  within: Confinement,
  interpreter: PythonVersion | undefined,
): SelectedPython | undefined {
  try {
    const selected = pythonOfFolder(folder, within);
    if (selected) return selected;
  } catch (error) {
    if (!ImageBuilderError.is(error)) throw error;
    return undefined;
  }
  return interpreter && { version: interpreter, origin: "the Python interpreter that is selected in VS Code" };
}
