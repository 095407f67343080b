import { existsSync, statSync } from "node:fs";
import { basename, dirname, join, posix } from "node:path";
import { isLinkedAway, isThere } from "../../base/contactedHost";
import { expandWord } from "../../dockerfile/expandWord";
import type { Instruction } from "../../dockerfile/instruction";
import { parseDockerfile } from "../../dockerfile/parseDockerfile";
import { sanitizeImageName } from "../../base/sanitizeName";
import type { Architecture } from "../definition/platform";
import type { SpecInput } from "../spec/specSchema";
import { withoutEdges } from "../../base/trimText";

type Layers = NonNullable<SpecInput["layers"]>;

const systems = "alpine|almalinux|amazonlinux|archlinux|busybox|debian|fedora|ubuntu";
const languages = "buildpack-deps|golang|gcc|node|openjdk|perl|php|python|ruby|rust";

/** Official images whose commands run as root, like those of a spec. */
const rootBases = new RegExp(`^(?:docker\\.io/)?(?:library/)?(?:${systems}|${languages})(?::|$)`);

/** Dockerfile to convert, and facts that it doesn't contain. */
export interface DockerfileFacts {
  /** Absolute path of the Dockerfile. */
  readonly dockerfile: string;
  readonly text: string;
  /** Registry of the image, which a spec with a Dockerfile must contain. */
  readonly registry: string;
  readonly platform: Architecture;
}

/**
 * Converts a Dockerfile to a spec: to layers if each instruction has an exact equivalent, otherwise to a spec next to
 * the Dockerfile that refers to it.
 */
export function specOf({ dockerfile, text, registry, platform }: DockerfileFacts): SpecInput {
  const folder = dirname(dockerfile);
  const name = specNameOf(dockerfile);
  const [from, ...instructions] = parseDockerfile(text)?.instructions ?? [];
  const base = /^FROM[ \t]+([\w./:@-]+)$/i.exec(from?.text ?? "")?.[1];
  const layers = instructions.map((instruction) => layersOf(instruction, folder, base));
  const isPlain = !/^#\s*(?:syntax|escape|check)\s*=/im.test(text) && !isThere(`${dockerfile}.dockerignore`);
  const isExact = isPlain && base !== undefined && base !== "scratch" && layers.every((each) => each !== undefined);
  if (!isExact) return { from: { dockerfile: { file: basename(dockerfile), registry, name, platform } } };
  return { from: { base }, clone: { name, platform }, layers: layers.flatMap((each) => each ?? []) };
}

/**
 * Returns the name for a Dockerfile's spec: the beginning of `api.Dockerfile`, otherwise the folder's name, with the
 * end of `Dockerfile.dev`.
 */
export function specNameOf(dockerfile: string): string {
  const file = basename(dockerfile);
  const [, before] = /^(.+)\.(?:docker|container)file$/i.exec(file) ?? [];
  const [, after = ""] = /^(?:docker|container)file([.-].+)$/i.exec(file) ?? [];
  return sanitizeImageName(before ?? `${basename(dirname(dockerfile))}${after.replace(".", "-")}`);
}

/** Returns the layers that do exactly the same as an instruction; undefined if there are none. */
function layersOf(instruction: Instruction, folder: string, base: string | undefined): Layers | undefined {
  if (instruction.keyword === "ENV") return envLayers(instruction);
  if (instruction.keyword === "RUN") return runLayers(instruction, base);
  if (instruction.keyword === "COPY") return copyLayers(instruction, folder);
  return instruction.keyword === "WORKDIR" && /^\/[\w./-]*$/.test(instruction.content)
    ? [{ workdir: instruction.content }]
    : undefined;
}

function envLayers({ pairs, content }: Instruction): Layers | undefined {
  const variables = pairs.map(({ name, value = "" }): [string, string] => [
    name,
    expandWord(value, "\\", () => undefined) ?? "$",
  ]);
  const names = new Set(variables.map(([name]) => name));
  const isLiteral = /^\w+=[^$\\]*$/.test(content) && variables.every(([, value]) => value !== "$");
  return isLiteral && names.size === variables.length ? [{ envVars: Object.fromEntries(variables) }] : undefined;
}

function runLayers({ flags, heredocs, content, joined }: Instruction, base: string | undefined): Layers | undefined {
  const isPlain =
    content !== "" && flags.length === 0 && heredocs.length === 0 && !content.startsWith("[") && !joined.hasComments;
  return isPlain && base !== undefined && rootBases.test(base) ? [{ commands: [content] }] : undefined;
}

function copyLayers(instruction: Instruction, folder: string): Layers | undefined {
  const words = instruction.words.map(({ text }) => text);
  const isPlain = !instruction.json && instruction.flags.length === 0 && instruction.heredocs.length === 0;
  const [dst = ""] = words.slice(-1);
  const sources = words.slice(0, -1).map((source) => withoutEdges(posix.normalize(source), "/") || ".");
  if (
    !isPlain ||
    sources.length === 0 ||
    !words.every((word) => /^[\w./@+-]+$/.test(word)) ||
    sources.some((source) => source.startsWith(".."))
  )
    return undefined;
  const kinds = sources.map((source) => kindOf(join(folder, source)));
  const [source = ""] = sources;
  if (sources.length === 1 && kinds[0] === "folder")
    return [{ sourceFolder: { src: source, dst, copyContentsOnly: true } }];
  // Without a trailing slash, or if the folder is copied under another name, a copy may rename a file.
  const isFolder = dst.endsWith("/") || dst === ".";
  return isFolder && kinds.every((kind) => kind === "file") ? [{ sourceFile: { src: sources, dst } }] : undefined;
}

function kindOf(path: string): "file" | "folder" | undefined {
  if (isLinkedAway(path) || !existsSync(path)) return undefined;
  const stats = statSync(path);
  return stats.isFile() ? "file" : stats.isDirectory() ? "folder" : undefined;
}
