import { existsSync } from "node:fs";
import { basename, dirname, join, posix, resolve } from "node:path";
import { findIgnoreFile } from "../../context/files/ignoreFile";
import { definitionInvalid } from "../definition/check";
import { checkImageName } from "../definition/cloneDefinition";
import { importedFiles } from "../files/pythonImports";
import { slimImage } from "../definition/debianBase";
import { checkConfined, type Confinement } from "../files/confinement";
import { ExecutableBits } from "../files/executableBits";
import type { FileFacts } from "../files/fileHash";
import { KnownHashes } from "../files/knownHashes";
import { requireFile, requireFolder } from "../files/requirePath";
import type { ImageDefinition } from "../definition/definition";
import { methodOf, type Layer, type UvProjectLayer } from "../definition/layers";
import { localSources } from "../files/localSources";
import { pythonFor, type PythonVersion } from "../definition/pythonVersion";
import { readScript } from "../files/uvScript";
import { requirementFiles } from "../files/requirements";
import type { CopyFilesStep, Step } from "./steps";
import { wheelsIn } from "../files/wheels";

/** Values that an image's definition doesn't contain. */
export interface ImagePlaces {
  /** Absolute path of the folder for relative paths; default is the process's working directory. */
  readonly root?: string;
  /** Images that `fromRefName` refers to, by name. */
  readonly imageRefs?: Readonly<Record<string, string>>;
  /** Deployment of the code; `withCodeBundle` only has an effect for the default, `none`. */
  readonly copyStyle?: "none" | "loaded_modules" | "all";
  /**
   * Entry points: Python files whose imports a bundle of `loaded_modules` follows. Default is all files directly in the
   * root.
   */
  readonly entrypoints?: readonly string[];
  /**
   * Paths that an image with a Dockerfile always includes, even if its ignore file excludes them; default is `.zen`.
   */
  readonly alwaysInclude?: readonly string[];
  /** Only folders from which files may be read, in an untrusted workspace; undefined if there is no limit. */
  readonly within?: Confinement;
  /** Platform whose rules about executable files apply; default is this machine's. */
  readonly hostPlatform?: NodeJS.Platform;
}

/** Image with everything resolved except the contents of files. */
export interface ResolvedImage extends FileFacts {
  readonly baseImage: string;
  readonly pythonVersion: PythonVersion | undefined;
  readonly platform: readonly string[];
  readonly steps: readonly Step[];
  /** Index of each step's layer in the image's list. */
  readonly layerOfStep: readonly number[];
  readonly root: string;
  /** Ignore file that the image specifies; undefined to look for those of the folders. */
  readonly dockerignore: string | undefined;
  readonly within: Confinement;
}

/** Image with a Dockerfile that was found. */
export interface ResolvedDockerfile extends FileFacts {
  /** Absolute path of the Dockerfile, whose folder is the build context. */
  readonly file: string;
  readonly platform: readonly string[];
  /** Paths that are always included, even if the ignore file excludes them; default is `.zen`. */
  readonly alwaysInclude: readonly string[] | undefined;
}

/**
 * Resolves an image's definition: reference names, lock files, a script's header, nested requirements, bundles.
 *
 * @throws ImageBuilderError `imageInvalid`, `imageFileMissing`; `workspaceUntrusted` for files outside of `within`
 */
export function resolveImage(image: ImageDefinition, places: ImagePlaces = {}): ResolvedImage {
  const root = resolve(places.root ?? ".");
  const script = image.layers.find((layer) => layer.kind === "uvScript");
  const pythonVersion =
    image.pythonVersion ??
    (script && pythonFor(methodOf(script), readScript(root, script.script, places.within).requiresPython));
  const layers = [...image.layers.entries()].sort(
    ([, a], [, b]) => Number(a.kind === "codeBundle") - Number(b.kind === "codeBundle"),
  );
  const steps = layers.flatMap(([at, layer]) => stepsOf(layer, root, places).map((step) => ({ at, step })));
  for (const { step } of steps)
    for (const path of furtherPaths(step, places.within)) checkConfined(path, places.within);
  return {
    baseImage: image.isSlim && pythonVersion ? slimImage(pythonVersion) : baseOf(image, places),
    pythonVersion,
    platform: image.platform,
    steps: steps.map(({ step }) => step),
    layerOfStep: steps.map(({ at }) => at),
    root,
    dockerignore: dockerignoreOf(image, root, places.within),
    within: places.within,
    ...fileFacts(places),
  };
}

/**
 * Finds an image's Dockerfile.
 *
 * @throws ImageBuilderError `imageFileMissing`; `workspaceUntrusted` for files outside of `within`
 */
export function resolveDockerfile(dockerfile: string, image: ImageDefinition, places: ImagePlaces): ResolvedDockerfile {
  const file = requireFile("fromDockerfile", places.root ?? ".", dockerfile, places.within);
  const ignoreFile = findIgnoreFile({ root: dirname(file), dockerfile: file, builder: "buildkit" });
  for (const path of [dirname(file), ...(ignoreFile === undefined ? [] : [ignoreFile])])
    checkConfined(path, places.within);
  return { file, platform: image.platform, alwaysInclude: places.alwaysInclude, ...fileFacts(places) };
}

/** Creates the facts about files; git doesn't run in an untrusted workspace. */
function fileFacts({ hostPlatform, within }: ImagePlaces): FileFacts {
  return {
    executableBits: new ExecutableBits({ platform: hostPlatform, mayRunGit: within === undefined }),
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
    case "aptPackages":
    case "pipPackages":
    case "commands":
    case "envVars":
    case "workdir":
    case "labels":
    case "user":
      return [layer];
    case "dockerignore":
      return [];
    case "requirements":
      return [
        {
          kind: "requirements",
          pip: layer.pip,
          files: requirementFiles(where, requireFile(where, root, layer.file, within), within),
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
          ignoresClutter: false,
        },
      ];
    }
    case "sourceFile":
      return copyFiles(
        layer.src.map((src) => requireFile(where, root, src, within)).map((file) => ({ file, path: basename(file) })),
        layer.dst,
      );
    case "codeBundle":
      return bundleSteps(layer, root, places);
    case "uvProject":
      return [uvProjectStep(layer, root, within)];
    case "poetryProject": {
      const pyproject = requireFile(where, root, layer.pyprojectFile, within);
      const lock = requireFile(where, root, layer.poetryLock ?? join(dirname(pyproject), "poetry.lock"), within);
      return [
        {
          kind: "poetryProject",
          pyproject,
          lock,
          extraArgs: layer.extraArgs,
          secrets: layer.secrets,
          mode: layer.projectInstallMode,
        },
      ];
    }
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
      return scriptSteps(layer, root, within);
  }
}

function uvProjectStep(layer: UvProjectLayer, root: string, within: Confinement): Step {
  const where = methodOf(layer);
  const pyproject = requireFile(where, root, layer.pyprojectFile, within);
  const beside = join(dirname(pyproject), "uv.lock");
  const lock =
    layer.uvlock === undefined
      ? existsSync(beside)
        ? beside
        : undefined
      : requireFile(where, root, layer.uvlock, within);
  if (lock !== undefined) checkConfined(lock, within);
  return {
    kind: "uvProject",
    pyproject,
    lock,
    localSources: localSources(where, pyproject, lock),
    pip: layer.pip,
    mode: layer.projectInstallMode,
  };
}

function scriptSteps({ script, pip }: Extract<Layer, { kind: "uvScript" }>, root: string, within: Confinement): Step[] {
  const { packages, projects } = readScript(root, script, within);
  const steps: Step[] = packages.length > 0 ? [{ kind: "pipPackages", packages, pip }] : [];
  if (projects.length === 0) return steps;
  const installs = projects.map((project) =>
    uvProjectStep(
      { kind: "uvProject", pyprojectFile: join(project, "pyproject.toml"), pip, projectInstallMode: "install_project" },
      root,
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
  if (copyStyle === "all") return [{ kind: "copyFolder", folder: root, destination: dst, ignoresClutter: true }];
  return copyFiles(
    importedFiles(root, places.entrypoints, places.within).map((path) => ({ file: join(root, path), path })),
    dst,
    root,
  );
}

function copyFiles(files: CopyFilesStep["files"], destination: string, within?: string): Step[] {
  return files.length > 0 ? [{ kind: "copyFiles", files, destination, ...(within !== undefined && { within }) }] : [];
}

/** Returns the files and folders of a step, in addition to those of its layer, which are already checked. */
function furtherPaths(step: Step, within: Confinement): string[] {
  if (within === undefined) return [];
  if (step.kind === "uvProject") return step.localSources.map((path) => join(dirname(step.pyproject), path));
  return step.kind === "wheels" ? wheelsIn(step.folder).map((name) => join(step.folder, name)) : [];
}
