import { readdirSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import type { Layer } from "../definition/layers";
import { isConfined } from "../files/confinement";
import { requireFile, requireFolder } from "../files/requirePath";
import type { ImagePlaces } from "../resolve/resolve";
import { secretSource, type SecretPlaces } from "../plan/secretSources";
import { validateImage } from "../plan/validate";
import { listed, meantName } from "./names";
import type { ImageSpec } from "./readImageSpec";
import { replacing, specError, type SpecProblem } from "./specProblem";
import { nodeAt, rangeAt, type SpecNode, type SpecPath } from "./specTree";
import { inSpecWords } from "./specWords";

/** Arguments with paths by key; the first is the one of the short form. */
const pathArguments: ReadonlyMap<string, readonly string[]> = new Map([
  ["requirements", ["file"]],
  ["sourceFolder", ["src"]],
  ["sourceFile", ["src"]],
  ["dockerignore", ["path"]],
  ["uvProject", ["pyprojectFile", "uvlock"]],
  ["poetryProject", ["pyprojectFile", "poetryLock"]],
  ["uvScript", ["script"]],
  ["dockerfile", ["file"]],
]);

/**
 * Returns the problems of an image spec that depend on this machine: missing files, and unknown secrets and reference
 * names.
 */
export function placeProblems({ root, image, layers }: ImageSpec, places: ImagePlaces & SecretPlaces): SpecProblem[] {
  const [base = ""] = nodeAt(root, ["from"])?.entries.keys() ?? [];
  const validate = (isMeant: (layer: Layer, index: number) => boolean) => () => {
    if (image) validateImage({ ...image, baseImage: "image", layers: image.layers.filter(isMeant) }, places);
  };
  return [
    ...refNameProblems(root, places),
    ...partProblems(
      root,
      ["from", base],
      places,
      validate(({ kind }) => kind === "uvScript"),
    ),
    ...layers.flatMap(({ key, firstLayer, layerCount }, index) => {
      // A bundle is skipped, because finding its files would be too slow on each key press.
      const isOwn = (layer: Layer, at: number): boolean =>
        at >= firstLayer && at < firstLayer + layerCount && layer.kind !== "codeBundle";
      return partProblems(root, ["layers", index, key], places, validate(isOwn));
    }),
  ];
}

/** Returns the problems of one layer or base: first its own paths and, if they exist, the files that they refer to. */
function partProblems(
  root: SpecNode,
  path: SpecPath,
  places: ImagePlaces & SecretPlaces,
  validate: () => void,
): SpecProblem[] {
  const node = nodeAt(root, path);
  if (!node) return [];
  const key = String(path.at(-1));
  const [main, ...others] = pathArguments.get(key) ?? [];
  const named = [
    ...textsOf(main === undefined ? undefined : (node.entries.get(main)?.node ?? node)),
    ...others.flatMap((name) => textsOf(node.entries.get(name)?.node)),
  ];
  const missing = named.flatMap((each) => missingPath(each, key, places));
  const secrets = secretNodes(node.entries.get("secretMounts")?.node).flatMap((each) => secretProblem(each, places));
  return [...(missing.length > 0 ? missing : problemsOf(validate, named[0] ?? node)), ...secrets];
}

function problemsOf(act: () => unknown, { range }: SpecNode): SpecProblem[] {
  try {
    act();
    return [];
  } catch (error) {
    return [specError("file-missing", range, inSpecWords(error))];
  }
}

function missingPath(node: SpecNode, key: string, { root = ".", within }: ImagePlaces): SpecProblem[] {
  const [problem] = problemsOf(
    () => (key === "sourceFolder" ? requireFolder : requireFile)(key, root, String(node.value), within),
    node,
  );
  if (!problem) return [];
  if (!isConfined(resolve(root, String(node.value)), within)) return [problem];
  const meant = neighbor(resolve(root, String(node.value)));
  if (meant === undefined) return [problem];
  const path = String(node.value).slice(0, -basename(String(node.value)).length) + meant;
  return [
    { ...problem, fixes: [replacing(`Replace with "${path}"`, node.range, `${node.quote}${path}${node.quote}`)] },
  ];
}

/** Returns the name of an existing file or folder with a similar name; undefined if there is none. */
function neighbor(path: string): string | undefined {
  try {
    return meantName(
      basename(path),
      readdirSync(dirname(path)).filter((name) => name !== basename(path)),
    );
  } catch {
    // If the folder can't be read, there is nothing to propose.
    return undefined;
  }
}

function secretProblem(node: SpecNode, places: SecretPlaces): SpecProblem[] {
  const field = (name: string): string | undefined => node.entries.get(name)?.node.source;
  const key = node.kind === "map" ? field("key") : node.source;
  if (key === undefined || key === "") return [];
  return problemsOf(() => secretSource({ key, group: field("group") }, places), node).map((problem) => ({
    ...problem,
    code: "secret-unknown",
    severity: "warning",
  }));
}

function secretNodes(node: SpecNode | undefined): readonly SpecNode[] {
  return node?.kind === "list" ? node.items : node ? [node] : [];
}

function textsOf(node: SpecNode | undefined): SpecNode[] {
  return [...(node?.items ?? []), ...(node ? [node] : [])].filter(({ value }) => typeof value === "string");
}

function refNameProblems(root: SpecNode, { imageRefs }: ImagePlaces): SpecProblem[] {
  const node = nodeAt(root, ["from", "refName"]);
  if (!node || !imageRefs) return [];
  const written = node.entries.get("name")?.node ?? node;
  const name = written.source || "default";
  const known = Object.keys(imageRefs);
  if (known.includes(name)) return [];
  const meant = meantName(name, known);
  const remedy =
    meant !== undefined
      ? `Did you mean "${meant}"?`
      : known.length > 0
        ? `Configured names: ${listed(known)}.`
        : 'Add it to the setting "imageBuilders.images".';
  const fixes =
    meant === undefined
      ? []
      : [replacing(`Replace with "${meant}"`, written.range, `${written.quote}${meant}${written.quote}`)];
  return [
    specError(
      "ref-name-unknown",
      rangeAt(root, ["from", "refName"]),
      `No image named "${name}" is configured in Settings. ${remedy}`,
      fixes,
    ),
  ];
}
