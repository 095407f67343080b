import { basename, dirname, join } from "node:path";
import type { ImageDefinition } from "../definition/definition";
import { methodOf, type Layer } from "../definition/layers";
import { defaultPython, pythonFor, type PythonVersion } from "../definition/pythonVersion";
import { isReadable, type Confinement } from "../files/confinement";
import { readPyproject } from "../files/pyproject";
import { readNamed, requireProject } from "../files/requirePath";
import { readToml, tableIn } from "../files/toml";
import { readScript } from "../files/uvScript";
import type { ImagePlaces } from "./places";

/** Python of an image. */
export interface ImagePython {
  /** Version or range to request from uv; undefined for the base's own. */
  readonly request?: string;
  /** Version, if the base image depends on it. */
  readonly version?: PythonVersion;
  /** Source of the version, if it is not the image itself. */
  readonly origin?: string;
}

/** Version of Python that a project or a script requires. */
interface PythonRequest {
  readonly request: string;
  readonly origin: string;
  /** The method of its layer. */
  readonly where: string;
}

/**
 * Determines the Python of an image: its own version, otherwise the one that its first project or script requires,
 * otherwise the default for base images that depend on it.
 *
 * @throws ImageBuilderError `imageFileMissing`, `imageInvalid`
 */
export function pythonOf(image: ImageDefinition, root: string, places: ImagePlaces): ImagePython {
  const { pythonVersion } = image;
  const isChosen = image.isSlim || image.isDefaultPython === true;
  if (pythonVersion && image.isDefaultPython !== true)
    return { request: pythonVersion.join("."), version: pythonVersion };
  const [wanted] = image.layers.flatMap((layer) => requestOf(layer, root, places) ?? []);
  if (!isChosen) return wanted ? { request: wanted.request, origin: wanted.origin } : {};
  const version = wanted ? pythonFor(wanted.where, specifierOf(wanted.request)) : (pythonVersion ?? defaultPython);
  return { request: version.join("."), version, ...(wanted && { origin: wanted.origin }) };
}

function requestOf(layer: Layer, root: string, places: ImagePlaces): PythonRequest | undefined {
  switch (layer.kind) {
    case "uvScript": {
      const { requiresPython } = readScript(root, layer.script, places.within);
      return requiresPython === undefined
        ? undefined
        : { request: requiresPython, origin: `requires-python in ${layer.script}`, where: methodOf(layer) };
    }
    case "uvProject":
    case "poetryProject": {
      const where = methodOf(layer);
      return requestOfProject(where, requireProject(where, root, layer.pyprojectFile, places.within), places.within);
    }
    default:
      return undefined;
  }
}

function requestOfProject(where: string, file: string, within: Confinement): PythonRequest | undefined {
  return pinnedBeside(where, file, within) ?? requiredBy(where, file, within);
}

/** A version of Python, and its source. */
export interface SelectedPython {
  readonly version: PythonVersion;
  readonly origin: string;
}

/**
 * Finds the version of Python that a folder selects: by its `.python-version`, otherwise by its `pyproject.toml`.
 *
 * @throws ImageBuilderError `imageFileMissing`; `imageInvalid` for a file that is not TOML, or an unknown version
 */
export function pythonOfFolder(folder: string, within?: Confinement): SelectedPython | undefined {
  const where = "withUvProject";
  const file = join(folder, "pyproject.toml");
  const pinned = pinnedBeside(where, file, within);
  const wanted = pinned ?? (isReadable(file, within) ? requiredBy(where, file, within) : undefined);
  return wanted && { version: pythonFor(where, specifierOf(wanted.request)), origin: wanted.origin };
}

/** Reads the version from the file next to the project that pyenv and uv use. */
function pinnedBeside(where: string, pyproject: string, within: Confinement): PythonRequest | undefined {
  const file = join(dirname(pyproject), ".python-version");
  if (!isReadable(file, within)) return undefined;
  const [, version] =
    /^\s*(?:cpython[@-])?(\d{1,2}\.\d{1,3})(?:\.\d{1,3})?\s*(?:[\r\n]|$)/.exec(
      readNamed("pythonVersion", file, within),
    ) ?? [];
  return version === undefined ? undefined : { request: version, origin: ".python-version", where };
}

function requiredBy(where: string, file: string, within: Confinement): PythonRequest | undefined {
  const request = requiredPython(where, file, within);
  return request === undefined ? undefined : { request, origin: `requires-python in ${basename(file)}`, where };
}

/**
 * Returns the versions of Python that a project runs on, also from Poetry's own field.
 *
 * @throws ImageBuilderError `imageFileMissing`; `imageInvalid` for a file that is not TOML
 */
export function requiredPython(where: string, file: string, within: Confinement): string | undefined {
  const poetry = tableIn(readToml(where, file, within), "tool", "poetry", "dependencies").python;
  return (
    readPyproject(where, file, within).requiresPython ??
    (typeof poetry === "string" ? withoutCarets(poetry) : undefined)
  );
}

/** Converts Poetry's `^3.11` and `~3.11` to a range; returns undefined for an invalid range. */
function withoutCarets(request: string): string | undefined {
  const [, mark, major = "", minor = ""] = /^([\^~])(\d{1,2})\.(\d{1,3})(?:\.\d{1,3})?$/.exec(request.trim()) ?? [];
  if (mark === "^") return `>=${major}.${minor},<${Number(major) + 1}`;
  if (mark === "~") return `>=${major}.${minor},<${major}.${Number(minor) + 1}`;
  return /^[<>=!~\d.,*\s]+$/.test(request) ? request : undefined;
}

/** Converts a bare version to a specifier. */
function specifierOf(request: string): string {
  return /^\d+\.\d+$/.test(request) ? `==${request}.*` : request;
}
