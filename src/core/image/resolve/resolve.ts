import { dirname, resolve } from "node:path";
import { ImageBuilderError } from "../../base/errors";
import { findIgnoreFile } from "../../context/files/ignoreFile";
import type { ImageDefinition } from "../definition/definition";
import { methodOf } from "../definition/layers";
import { renderOptions, type CompleteRenderOptions } from "../definition/renderOptions";
import { checkConfined, type Confinement } from "../files/confinement";
import { ExecutableBits } from "../files/executableBits";
import { forAll, OutsideError } from "../files/outsideError";
import type { FileFacts } from "../files/fileHash";
import { KnownHashes } from "../files/knownHashes";
import { readingOnce } from "../files/readOnce";
import { requireFile } from "../files/requirePath";
import { baseOf, baseWith } from "./baseImage";
import { stepProblems, type StepProblem } from "./checkSteps";
import { checkedSteps, stepsOf } from "./layerSteps";
import type { ImagePlaces } from "./places";
import { pythonOf, type ImagePython } from "./python";
import type { Step } from "./steps";

export type { ImagePlaces } from "./places";

/** Image with everything resolved except the contents of files. */
export interface ResolvedImage extends FileFacts {
  readonly baseImage: string;
  readonly python: ImagePython;
  readonly platform: readonly string[];
  readonly steps: readonly Step[];
  /** Index of each step's layer in the image's list. */
  readonly layerOfStep: readonly number[];
  readonly root: string;
  /** Ignore file that the image specifies; undefined to look for those of the folders. */
  readonly dockerignore: string | undefined;
  /** Options of its Dockerfile. */
  readonly options: CompleteRenderOptions;
}

/** Image with a Dockerfile that was found. */
export interface ResolvedDockerfile extends FileFacts {
  /** Absolute path of the Dockerfile, whose folder is the build context. */
  readonly file: string;
  readonly platform: readonly string[];
  /** Absolute path; undefined if the context has no ignore file. */
  readonly ignoreFile: string | undefined;
  /** Paths that are always included, even if the ignore file excludes them; default is `.zen`. */
  readonly alwaysInclude: readonly string[] | undefined;
  readonly buildArgs: ImageDefinition["buildArgs"];
}

/** Layer that a build would refuse because of the base or the layers before it. */
export interface LayerProblem extends Omit<StepProblem, "at"> {
  /** Index of the layer in the image's list. */
  readonly layer: number;
}

/** Returns the layers that a build would refuse because of other layers; invalid layers are reported elsewhere. */
export function layerProblems(image: ImageDefinition, places: ImagePlaces): LayerProblem[] {
  return readingOnce(() => problemsOf(image, places));
}

function problemsOf(image: ImageDefinition, places: ImagePlaces): LayerProblem[] {
  const root = resolve(places.root ?? ".");
  const steps = [...image.layers.entries()].flatMap(([layer, each]) => {
    if (each.kind === "codeBundle") return [];
    return (triedOn(() => stepsOf(each, root, places)) ?? []).map((step) => ({ layer, step }));
  });
  const python = triedOn(() => pythonOf(image, root, places)) ?? {};
  const { version } = python;
  const baseImage = triedOn(() => (version ? baseWith(image, version, places) : baseOf(image, places))) ?? "";
  const options = triedOn(() => optionsOf(image, places));
  if (!options) return [];
  return stepProblems({ baseImage, python, options, steps: steps.map(({ step }) => step) }).flatMap(
    ({ at, ...problem }) => steps.slice(at, at + 1).map(({ layer }) => ({ layer, ...problem })),
  );
}

function optionsOf({ uvVersion, systemSitePackages }: ImageDefinition, places: ImagePlaces): CompleteRenderOptions {
  const { installer, uvSource, uvImage, syntax } = places;
  return renderOptions({ installer, uvSource, uvImage, syntax, uvVersion, systemSitePackages });
}

function triedOn<Result>(act: () => Result): Result | undefined {
  try {
    return act();
  } catch (error) {
    if (ImageBuilderError.is(error)) return undefined;
    throw error;
  }
}

/**
 * Resolves an image's definition: reference names, lock files, a script's header, nested requirements, bundles.
 *
 * @throws ImageBuilderError `imageInvalid`, `imageFileMissing`; `workspaceUntrusted` and {@link OutsideError} for files
 * outside of `within`
 */
export function resolveImage(image: ImageDefinition, places: ImagePlaces = {}): ResolvedImage {
  const found = resolveLayers(image, places);
  const [problem] = stepProblems(found);
  if (problem) throw problem.error;
  return found;
}

/** Resolves an image without checking its layers against each other; throws like {@link resolveImage}. */
export function resolveLayers(image: ImageDefinition, places: ImagePlaces = {}): ResolvedImage {
  return readingOnce(() => {
    try {
      return resolved(image, places);
    } catch (error) {
      if (error instanceof OutsideError) tryAll(image, places);
      throw error;
    }
  });
}

/** Throws for the files outside of all layers together, so that the person is asked about them only once. */
function tryAll(image: ImageDefinition, places: ImagePlaces): void {
  const root = resolve(places.root ?? ".");
  forAll(
    [
      () => pythonOf(image, root, places),
      ...image.layers.map((layer) => () => checkedSteps(layer, root, places)),
      () => dockerignoreOf(image, root, places.within),
    ],
    (act: () => unknown) => act(),
  );
}

/**
 * Returns the base image that a build starts from, and its Python. Files are read only if a project selects the Python.
 *
 * @throws as {@link resolveImage}
 */
export function resolvedBase(
  image: ImageDefinition,
  places: ImagePlaces = {},
): Pick<ResolvedImage, "baseImage" | "python"> {
  const python = pythonOf(image, resolve(places.root ?? "."), places);
  return { baseImage: python.version ? baseWith(image, python.version, places) : baseOf(image, places), python };
}

function resolved(image: ImageDefinition, places: ImagePlaces): ResolvedImage {
  const root = resolve(places.root ?? ".");
  const layers = [...image.layers.entries()].sort(
    ([, a], [, b]) => Number(a.kind === "codeBundle") - Number(b.kind === "codeBundle"),
  );
  const steps = layers.flatMap(([at, layer]) => checkedSteps(layer, root, places).map((step) => ({ at, step })));
  return {
    ...resolvedBase(image, places),
    platform: image.platform,
    steps: steps.map(({ step }) => step),
    layerOfStep: steps.map(({ at }) => at),
    root,
    dockerignore: dockerignoreOf(image, root, places.within),
    options: optionsOf(image, places),
    ...fileFacts(places),
  };
}

/**
 * Finds an image's Dockerfile.
 *
 * @throws ImageBuilderError `imageFileMissing`; `workspaceUntrusted` for files outside of `within`
 */
export function resolveDockerfile(dockerfile: string, image: ImageDefinition, places: ImagePlaces): ResolvedDockerfile {
  // Its whole folder is the build context.
  checkConfined(dirname(resolve(places.root ?? ".", dockerfile)), places.within);
  const file = requireFile("fromDockerfile", places.root ?? ".", dockerfile, places.within);
  const ignoreFile = findIgnoreFile({ root: dirname(file), dockerfile: file, builder: "buildkit" });
  if (ignoreFile !== undefined) checkConfined(ignoreFile, places.within);
  const { platform, buildArgs } = image;
  const { alwaysInclude } = places;
  return { file, ignoreFile, platform, buildArgs, alwaysInclude, ...fileFacts(places) };
}

/** Creates the facts about files; git doesn't run in an untrusted workspace. */
function fileFacts({ hostPlatform, within }: ImagePlaces): FileFacts {
  return {
    executableBits: new ExecutableBits({ platform: hostPlatform, mayRunGit: !within || within.asks === true }),
    hashes: new KnownHashes(),
    within,
  };
}

function dockerignoreOf(image: ImageDefinition, root: string, within: Confinement): string | undefined {
  const last = image.layers.findLast((layer) => layer.kind === "dockerignore");
  return last && requireFile(methodOf(last), root, last.path, within);
}
