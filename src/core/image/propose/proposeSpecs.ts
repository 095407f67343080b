import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { ImageBuilderError } from "../../base/errors";
import { sanitizeImageName } from "../../base/imageReference";
import { readToml, tableIn } from "../files/toml";
import { isConfined, type Confinement } from "../files/confinement";
import { readScript } from "../files/uvScript";
import type { Architecture } from "../definition/platform";
import { defaultPython, pythonFor } from "../definition/pythonVersion";
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

/** Platform of this machine's programs, which every local daemon can build for. */
const ownPlatform: Architecture = process.arch === "arm64" ? "linux/arm64" : "linux/amd64";

/**
 * Proposes image specs that fit a folder's contents, the most specific first; the last one fits any folder.
 *
 * @param folder absolute path
 * @param registry registry for an image with a Dockerfile, which requires one
 * @param within folders that links must not lead out of; such links are ignored
 */
export async function proposeSpecs(
  folder: string,
  registry = exampleRegistry,
  within?: Confinement,
): Promise<SpecProposal[]> {
  const names = new Set((await readdir(folder)).filter((name) => isConfined(join(folder, name), within)));
  const name = sanitizeImageName(basename(folder));
  const scripts = await scriptsIn(folder, [...names]);
  const python = { from: { base: `python:${pythonOf(folder, names)}-slim` }, clone: { name, platform: ownPlatform } };
  const code = [{ codeBundle: { copyStyle: "all" } }] satisfies SpecInput["layers"];
  const drafts: (Draft | false)[] = [
    names.has("pyproject.toml") &&
      !names.has("poetry.lock") && {
        kind: "uvProject",
        source: "pyproject.toml",
        comment: docs,
        spec: { ...python, layers: [{ workdir: "/app" }, { uvProject: "pyproject.toml" }, ...code] },
      },
    names.has("pyproject.toml") &&
      names.has("poetry.lock") && {
        kind: "poetryProject",
        source: "pyproject.toml",
        comment: docs,
        spec: { ...python, layers: [{ workdir: "/app" }, { poetryProject: "pyproject.toml" }, ...code] },
      },
    names.has("requirements.txt") && {
      kind: "requirements",
      source: "requirements.txt",
      comment: docs,
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
        names,
        kind === "uvScript" && source ? sanitizeImageName(basename(source, ".py")) : name,
      );
      return { kind, source, fileName, text: writeImageSpec(spec, fileName, comment) };
    });
}

function freeName(taken: ReadonlySet<string>, name: string): string {
  const candidates = [name, ...Array.from({ length: taken.size }, (_, i) => `${name}-${i + 2}`)].map(
    (each) => `${each}.image.yaml`,
  );
  return candidates.find((each) => !taken.has(each)) ?? `${name}.image.yaml`;
}

/** Returns the scripts with a valid header. */
async function scriptsIn(folder: string, names: readonly string[]): Promise<string[]> {
  return names.filter((name) => name.endsWith(".py") && hasHeader(folder, name)).sort();
}

function hasHeader(folder: string, name: string): boolean {
  try {
    readScript(folder, name);
    return true;
  } catch (error) {
    if (ImageBuilderError.is(error)) return false;
    throw error;
  }
}

/**
 * Returns the Python version that the project requires; if its file can't be read, the default, since the spec reports
 * the error when it is used.
 */
function pythonOf(folder: string, names: ReadonlySet<string>): string {
  const file = join(folder, "pyproject.toml");
  if (!names.has("pyproject.toml") || !existsSync(file)) return defaultPython.join(".");
  try {
    const project = tableIn(readToml("withUvProject", file), "project");
    const wanted = project["requires-python"];
    return pythonFor("withUvProject", typeof wanted === "string" ? wanted : undefined).join(".");
  } catch {
    return defaultPython.join(".");
  }
}
