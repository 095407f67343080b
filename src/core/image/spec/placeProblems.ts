import { basename, dirname, resolve } from "node:path";
import { contactedHost } from "../../base/contactedHost";
import type { TextRange } from "../../base/textRange";
import type { Layer } from "../definition/layers";
import { secretName, type Secret } from "../definition/secret";
import { namesIn } from "../files/confinedFiles";
import { isConfined, type Confinement } from "../files/confinement";
import { OutsideError } from "../files/outsideError";
import { readingOnce } from "../files/readOnce";
import { entryFiles } from "../files/pythonImports";
import { requireFile, requireFolder } from "../files/requirePath";
import { Image } from "../image";
import { renderOptions, type RenderOptions } from "../definition/renderOptions";
import { baseOf } from "../resolve/baseImage";
import { layerProblems, type ImagePlaces, type LayerProblem } from "../resolve/resolve";
import { secretSource, type SecretPlaces } from "../plan/secretSources";
import { validateLayers } from "../plan/validate";
import { layerBefore, layerWith } from "./layerFixes";
import { listed, meantName } from "./names";
import type { ImageSpec } from "./readImageSpec";
import { replacing, specError, specWarning, type SpecFix, type SpecProblem } from "./specProblem";
import { nodeAt, rangeAt, type SpecNode, type SpecPath } from "./specNode";
import { inSpecWords, keyOfMethod } from "./specWords";

/** Arguments with paths by key; the first is the one of the short form. */
const pathArguments: ReadonlyMap<string, readonly (string | undefined)[]> = new Map<string, (string | undefined)[]>([
  ["pipPackages", [undefined, "constraints"]],
  ["requirements", ["file", "constraints"]],
  ["sourceFolder", ["src"]],
  ["sourceFile", ["src"]],
  ["dockerignore", ["path"]],
  ["uvProject", ["pyprojectFile", "uvlock"]],
  ["poetryProject", ["pyprojectFile", "poetryLock"]],
  ["uvScript", ["script"]],
  ["dockerfile", ["file"]],
]);

/** Place of a spec: its folder, and values of the settings. */
export type SpecPlaces = ImagePlaces & SecretPlaces & RenderOptions;

/**
 * What is wrong with a spec file in its place: files that are not there, secrets and reference names that are not known
 * here, settings that its build can't use. Everything that a build refuses before it reads whole folders.
 */
export function placeProblems(spec: ImageSpec, places: SpecPlaces): SpecProblem[] {
  return readingOnce(() => allPlaceProblems(spec, places));
}

function allPlaceProblems({ root, image, layers }: ImageSpec, places: SpecPlaces): SpecProblem[] {
  const [base = ""] = nodeAt(root, ["from"])?.entries.keys() ?? [];
  const rules = image && namedRules(image, places);
  const validate = (isMeant: (layer: Layer, index: number) => boolean) => () => {
    if (!image) return;
    const isOf = (layer: Layer, index: number): boolean => layer === rules || isMeant(layer, index);
    validateLayers({ ...image, baseImage: "image", layers: image.layers.filter(isOf) }, places);
  };
  const togetherProblems = image ? layerProblems(image, places) : [];
  return [
    ...refNameProblems(root, places),
    ...toolProblems(root, image, places),
    ...[["clone"], ["from", base]].flatMap((path) =>
      secretNodes(nodeAt(root, [...path, "registrySecret"])).flatMap((each) => loginProblem(each, places)),
    ),
    ...partProblems(
      root,
      ["from", base],
      places,
      validate(({ kind }) => kind === "uvScript"),
    ),
    ...layers.flatMap(({ key, firstLayer, layerCount }, index) => {
      const isOwn = (layer: Layer, at: number): boolean => at >= firstLayer && at < firstLayer + layerCount;
      const bundle = image?.layers.find((layer, at) => isOwn(layer, at) && layer.kind === "codeBundle");
      const path = ["layers", index, key];
      const own = partProblems(
        root,
        path,
        places,
        bundle ? () => validateBundle(bundle, places, validate(isOwn)) : validate(isOwn),
      );
      if (own.some(({ code }) => code === "file-missing" || code === "outside-workspace")) return own;
      const together = togetherProblems.filter(({ layer }) => layer >= firstLayer && layer < firstLayer + layerCount);
      return [
        ...own,
        ...together.map(({ error, remedy }) =>
          specError("argument-invalid", rangeAt(root, path), inSpecWords(error), remedyFixes(root, index, key, remedy)),
        ),
      ];
    }),
    ...baseProblems(root, base, togetherProblems, layers),
  ];
}

/** Fixes of a layer that the base or the layers before it don't suit. */
function remedyFixes(root: SpecNode, index: number, key: string, remedy: LayerProblem["remedy"]): SpecFix[] {
  if (remedy === undefined) return [];
  if (remedy === "sshMount")
    return layerWith(root, index, "Use the SSH agent of the build", {
      main: pathArguments.get(key)?.[0] ?? "packages",
      added: ["sshMount", "default"],
    });
  const method = keyOfMethod(remedy.method);
  if (remedy.packages !== undefined)
    return layerBefore(root, index, `Install ${remedy.packages.join(" and ")} before`, [method, remedy.packages]);
  const entry = nodeAt(root, ["layers", index])?.entries.get(key);
  return entry ? [replacing(`Replace with "${method}"`, entry.keyRange, `${entry.quote}${method}${entry.quote}`)] : [];
}

/** Finds the image's ignore file, which applies to all folders; a missing one is reported at its own layer. */
function namedRules({ layers }: Image, { root = ".", within }: SpecPlaces): Layer | undefined {
  const layer = layers.findLast((each) => each.kind === "dockerignore");
  const isThere =
    layer && problemsOf(() => requireFile("dockerignore", root, layer.path, within), nowhere).length === 0;
  return isThere ? layer : undefined;
}

const nowhere: TextRange = { line: 1, column: 1, endLine: 1, endColumn: 1 };

/** Doesn't follow imports: that would read all of a project's Python files with each key pressed. */
function validateBundle(
  layer: Layer,
  { root = ".", entrypoints, within, copyStyle = "none" }: ImagePlaces,
  validate: () => void,
): void {
  if (layer.kind === "codeBundle" && layer.copyStyle === "loaded_modules" && copyStyle === "none")
    entryFiles(resolve(root), entrypoints, within);
  else validate();
}

/** Settings that become part of every Dockerfile. */
function toolProblems(root: SpecNode, image: Image | undefined, places: SpecPlaces): SpecProblem[] {
  if (!image?.isCloned || image.dockerfile !== undefined) return [];
  const from = root.entries.get("from");
  return from ? problemsOf(() => renderOptions(places), from.keyRange, "setting-invalid") : [];
}

/** Returns problems of layers that result from the base. */
function baseProblems(
  root: SpecNode,
  base: string,
  problems: readonly LayerProblem[],
  layers: ImageSpec["layers"],
): SpecProblem[] {
  const first = Math.min(...layers.flatMap(({ firstLayer, layerCount }) => (layerCount > 0 ? [firstLayer] : [])));
  return problems
    .filter(({ layer }) => layer < first)
    .map(({ error }) => specError("argument-invalid", rangeAt(root, ["from", base]), inSpecWords(error)));
}

/** Returns the problems of one layer or base: first its own paths and, if they exist, the files that they refer to. */
function partProblems(root: SpecNode, path: SpecPath, places: SpecPlaces, validate: () => void): SpecProblem[] {
  const node = nodeAt(root, path);
  if (!node) return [];
  const key = String(path.at(-1));
  const [main, ...others] = pathArguments.get(key) ?? [];
  const named = [
    ...textsOf(main === undefined ? undefined : (node.entries.get(main)?.node ?? node)),
    ...others.flatMap((name) => textsOf(node.entries.get(name ?? "")?.node)),
    ...textsOf(nodeAt(node, ["sshMount", "knownHosts"])),
  ];
  const missing = named.flatMap((each) => missingPath(each, key, places));
  const secrets = secretNodes(node.entries.get("secretMounts")?.node).flatMap((each) => secretProblem(each, places));
  return [...(missing.length > 0 ? missing : problemsOf(validate, (named[0] ?? node).range)), ...secrets];
}

function problemsOf(act: () => unknown, range: TextRange, code: SpecProblem["code"] = "file-missing"): SpecProblem[] {
  try {
    act();
    return [];
  } catch (error) {
    if (error instanceof OutsideError)
      return [{ ...specWarning("outside-workspace", range, error.message), outside: error.uses }];
    return [specError(code, range, inSpecWords(error))];
  }
}

function missingPath(node: SpecNode, key: string, { root = ".", within }: ImagePlaces): SpecProblem[] {
  const [problem] = problemsOf(
    () => (key === "sourceFolder" ? requireFolder : requireFile)(key, root, String(node.value), within),
    node.range,
  );
  if (!problem) return [];
  if (problem.outside) return [problem];
  const isElsewhere = contactedHost(String(node.value), root) !== undefined;
  if (isElsewhere || !isConfined(resolve(root, String(node.value)), within)) return [problem];
  const meant = neighbor(resolve(root, String(node.value)), within);
  if (meant === undefined) return [problem];
  const path = String(node.value).slice(0, -basename(String(node.value)).length) + meant;
  return [
    { ...problem, fixes: [replacing(`Replace with "${path}"`, node.range, `${node.quote}${path}${node.quote}`)] },
  ];
}

/** Returns the name of an existing file or folder with a similar name; undefined if there is none. */
function neighbor(path: string, within: Confinement): string | undefined {
  try {
    return meantName(
      basename(path),
      namesIn(dirname(path), within).filter((name) => name !== basename(path)),
    );
  } catch {
    // If the folder can't or may not be read, there is nothing to propose.
    return undefined;
  }
}

/** The login of a registry is one that is stored; otherwise Docker's own is used. */
function loginProblem(node: SpecNode, { storedSecrets = [] }: SecretPlaces): SpecProblem[] {
  const secret = secretOf(node);
  if (!secret || storedSecrets.includes(secretName(secret))) return [];
  const message =
    `The secret "${secretName(secret)}" is not stored, so Docker's logins are used for the registry. ` +
    'Store it with "New Secret...".';
  return [specWarning("secret-unknown", node.range, message)];
}

function secretProblem(node: SpecNode, places: SecretPlaces): SpecProblem[] {
  const secret = secretOf(node);
  if (!secret) return [];
  return problemsOf(() => secretSource(secret, places), node.range, "secret-unknown").map((problem) => ({
    ...problem,
    severity: "warning",
  }));
}

function secretOf(node: SpecNode): Secret | undefined {
  const field = (name: string): string | undefined => node.entries.get(name)?.node.source;
  const key = node.kind === "map" ? field("key") : node.source;
  return key === undefined || key === "" ? undefined : { key, group: field("group") };
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
  if (known.includes(name))
    return problemsOf(() => baseOf(Image.fromRefName(name), { imageRefs }), written.range, "setting-invalid");
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
