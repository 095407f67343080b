import { basename, dirname, join, posix, resolve } from "node:path";
import { ImageBuilderError } from "../../base/errors";
import { findIgnoreFile } from "../../context/files/ignoreFile";
import { definitionInvalid } from "../definition/check";
import { checkImageName } from "../definition/cloneDefinition";
import { importedFiles } from "../files/pythonImports";
import { slimImage, withFlytePython } from "../definition/debianBase";
import { checkConfined, type Confinement } from "../files/confinement";
import { ExecutableBits } from "../files/executableBits";
import { forAll, OutsideError } from "../files/outsideError";
import type { FileFacts } from "../files/fileHash";
import { KnownHashes } from "../files/knownHashes";
import { requireFile, requireFolder } from "../files/requirePath";
import type { ImageDefinition } from "../definition/definition";
import { methodOf, type Layer, type LayerOf } from "../definition/layers";
import { checkNoCredential } from "../definition/pipOptions";
import type { PythonVersion } from "../definition/pythonVersion";
import { readingOnce } from "../files/readOnce";
import { readScript } from "../files/uvScript";
import { requirementFiles, type RequirementFiles } from "../files/requirements";
import { renderOptions, type CompleteRenderOptions } from "../definition/renderOptions";
import { stepProblems, type StepProblem } from "./checkSteps";
import type { ImagePlaces } from "./places";
import { poetryProjectStep } from "./poetryProject";
import { pythonOf, type ImagePython } from "./python";
import type { CopyFilesStep, Step } from "./steps";
import { scriptProjectStep, uvProjectStep } from "./uvProject";
import { wheelsIn } from "../files/wheels";

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
  readonly within: Confinement;
  /** How its Dockerfile is written. */
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
  readonly within: Confinement;
}

/** A layer that the build would refuse because of the base and the layers before it. */
export interface LayerProblem extends Omit<StepProblem, "at"> {
  /** Its place in the image's list. */
  readonly layer: number;
}

/** What the build would refuse of an image's layers together; a layer that can't be resolved is told otherwise. */
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

/** The image that a definition stands on, where it depends on Python's version. */
function baseWith(image: ImageDefinition, version: PythonVersion, places: ImagePlaces): string {
  if (image.isSlim) return slimImage(version);
  const base = baseOf(image, places);
  return image.isDefaultPython ? withFlytePython(base, version) : base;
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

/** The same without a look at how the layers go together; throws as {@link resolveImage} does of each. */
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

function resolved(image: ImageDefinition, places: ImagePlaces): ResolvedImage {
  const root = resolve(places.root ?? ".");
  const python = pythonOf(image, root, places);
  const layers = [...image.layers.entries()].sort(
    ([, a], [, b]) => Number(a.kind === "codeBundle") - Number(b.kind === "codeBundle"),
  );
  const steps = layers.flatMap(([at, layer]) => checkedSteps(layer, root, places).map((step) => ({ at, step })));
  return {
    baseImage: python.version ? baseWith(image, python.version, places) : baseOf(image, places),
    python,
    platform: image.platform,
    steps: steps.map(({ step }) => step),
    layerOfStep: steps.map(({ at }) => at),
    root,
    dockerignore: dockerignoreOf(image, root, places.within),
    within: places.within,
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
  const { alwaysInclude, within } = places;
  return { file, ignoreFile, platform, buildArgs, alwaysInclude, within, ...fileFacts(places) };
}

/** Creates the facts about files; git doesn't run in an untrusted workspace. */
function fileFacts({ hostPlatform, within }: ImagePlaces): FileFacts {
  return {
    executableBits: new ExecutableBits({ platform: hostPlatform, mayRunGit: !within || within.asks === true }),
    hashes: new KnownHashes(),
  };
}

/**
 * Returns the base image of a definition.
 *
 * @throws ImageBuilderError `imageInvalid` for a reference name that is not configured
 */
export function baseOf(image: ImageDefinition, { imageRefs = {} }: ImagePlaces): string {
  if (image.baseImage !== undefined) return image.baseImage;
  if (image.refName !== undefined && Object.hasOwn(imageRefs, image.refName)) {
    return checkImageName(
      "fromRefName",
      `the image configured under the name "${image.refName}"`,
      imageRefs[image.refName],
    );
  }
  const known = Object.keys(imageRefs).map((name) => `"${name}"`);
  throw definitionInvalid(
    "fromRefName",
    `no image is configured under the name "${image.refName ?? ""}": ` +
      (known.length > 0 ? `the configured names are ${known.join(", ")}.` : "configure one first."),
  );
}

function dockerignoreOf(image: ImageDefinition, root: string, within: Confinement): string | undefined {
  const last = image.layers.findLast((layer) => layer.kind === "dockerignore");
  return last && requireFile(methodOf(last), root, last.path, within);
}

function stepsOf(layer: Layer, root: string, places: ImagePlaces): Step[] {
  const where = methodOf(layer);
  const { within } = places;
  switch (layer.kind) {
    case "pipPackages": {
      const constraints = constraintsOf(layer, root, within);
      return [constraints.length > 0 ? { ...layer, constraints } : layer];
    }
    case "aptPackages":
    case "systemPackages":
    case "commands":
    case "envVars":
    case "workdir":
    case "labels":
    case "user":
    case "runUser":
    case "entrypoint":
    case "cmd":
    case "expose":
    case "buildArgs":
      return [layer];
    case "dockerignore":
      return [];
    case "requirements":
      return [
        {
          kind: "requirements",
          pip: layer.pip,
          files: requirementFiles(where, requireFile(where, root, layer.file, within), within),
          constraints: constraintsOf(layer, root, within),
        },
      ];
    case "sourceFolder": {
      const folder = requireFolder(where, root, layer.src, within);
      const inside = posix.normalize(layer.dst) === "." && !layer.copyContentsOnly;
      return [
        {
          kind: "copyFolder",
          folder,
          destination: inside ? `./${basename(folder)}` : layer.dst,
          leavesOut: "debris",
        },
      ];
    }
    case "sourceFile":
      return copyFiles(
        forAll(layer.src, (src) => requireFile(where, root, src, within)).map((file) => ({
          file,
          path: basename(file),
        })),
        layer.dst,
      );
    case "codeBundle":
      return bundleSteps(layer, root, places);
    case "uvProject":
      return [uvProjectStep(layer, root, places.installer ?? "uv", within)];
    case "poetryProject":
      return [poetryProjectStep(layer, root, within)];
    case "pythonWheels":
      return [
        {
          kind: "wheels",
          folder: requireFolder(where, root, layer.folder, within),
          packageName: layer.packageName,
          pip: layer.pip,
        },
      ];
    case "uvScript":
      return scriptSteps(layer, root, places);
  }
}

function constraintsOf(
  layer: LayerOf<"pipPackages" | "requirements">,
  root: string,
  within: Confinement,
): RequirementFiles[] {
  const where = methodOf(layer);
  return forAll(layer.pip.constraints ?? [], (file) =>
    requirementFiles(where, requireFile(where, root, file, within), within),
  );
}

function scriptSteps(layer: LayerOf<"uvScript">, root: string, { within, installer = "uv" }: ImagePlaces): Step[] {
  const { script, pip } = layer;
  const header = readScript(root, script, within);
  const { packages, projects } = header;
  for (const each of packages) checkNoCredential("fromUvScript", `the dependency of "${script}"`, each);
  const hasMore = Object.keys(header.uv).length > 0;
  const steps: Step[] = hasMore
    ? [scriptProjectStep(layer, root, header, installer, within)]
    : packages.length > 0
      ? [{ kind: "pipPackages", packages, pip }]
      : [];
  if (projects.length === 0) return steps;
  const installs = forAll(projects, (project) =>
    uvProjectStep(
      { kind: "uvProject", pyprojectFile: join(project, "pyproject.toml"), pip, projectInstallMode: "install_project" },
      root,
      installer,
      within,
    ),
  );
  return [...steps, { kind: "aptPackages", packages: ["git"], secrets: [] }, ...installs];
}

function bundleSteps(
  { copyStyle, dst }: Extract<Layer, { kind: "codeBundle" }>,
  root: string,
  places: ImagePlaces,
): Step[] {
  if ((places.copyStyle ?? "none") !== "none") return [];
  if (copyStyle === "all") return [{ kind: "copyFolder", folder: root, destination: dst, leavesOut: "clutter" }];
  return copyFiles(
    importedFiles(root, places.entrypoints, places.within).map((path) => ({ file: join(root, path), path })),
    dst,
    root,
  );
}

function copyFiles(files: CopyFilesStep["files"], destination: string, within?: string): Step[] {
  return files.length > 0 ? [{ kind: "copyFiles", files, destination, ...(within !== undefined && { within }) }] : [];
}

function checkedSteps(layer: Layer, root: string, places: ImagePlaces): Step[] {
  const steps = stepsOf(layer, root, places);
  forAll(
    steps.flatMap((step) => furtherPaths(step, places.within)),
    (path) => checkConfined(path, places.within),
  );
  return steps;
}

/** Returns the files and folders of a step, in addition to those of its layer, which are already checked. */
function furtherPaths(step: Step, within: Confinement): string[] {
  if (within === undefined) return [];
  if (step.kind === "uvProject" || step.kind === "poetryProject") return [...step.localSources];
  return step.kind === "wheels" ? wheelsIn(step.folder).map((name) => join(step.folder, name)) : [];
}
