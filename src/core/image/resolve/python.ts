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

/** Which Python an image has. */
export interface ImagePython {
  /** What uv is asked for: a version, or a range of them; nothing for whichever the base has. */
  readonly request?: string;
  /** The version where the base image is chosen by it. */
  readonly version?: PythonVersion;
  /** What says so, where the image itself doesn't. */
  readonly origin?: string;
}

/** What a project or a script wants. */
interface Wish {
  readonly request: string;
  readonly origin: string;
  /** The method of its layer. */
  readonly where: string;
}

/**
 * The Python of an image: the one it names; else the one that its first project or script wants; else the default for
 * images that are chosen by it.
 *
 * @throws ImageBuilderError `imageFileMissing`, `imageInvalid`
 */
export function pythonOf(image: ImageDefinition, root: string, places: ImagePlaces): ImagePython {
  const { pythonVersion } = image;
  const isChosen = image.isSlim || image.isDefaultPython === true;
  if (pythonVersion && image.isDefaultPython !== true)
    return { request: pythonVersion.join("."), version: pythonVersion };
  const [wish] = image.layers.flatMap((layer) => wishOf(layer, root, places) ?? []);
  if (!isChosen) return wish ? { request: wish.request, origin: wish.origin } : {};
  const version = wish ? pythonFor(wish.where, specifierOf(wish.request)) : (pythonVersion ?? defaultPython);
  return { request: version.join("."), version, ...(wish && { origin: wish.origin }) };
}

function wishOf(layer: Layer, root: string, places: ImagePlaces): Wish | undefined {
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
      return wishOfProject(where, requireProject(where, root, layer.pyprojectFile, places.within), places.within);
    }
    default:
      return undefined;
  }
}

function wishOfProject(where: string, file: string, within: Confinement): Wish | undefined {
  return pinnedBeside(where, file, within) ?? requiredBy(where, file);
}

/** A version of Python, and what selects it. */
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
  const wish = pinned ?? (isReadable(file, within) ? requiredBy(where, file) : undefined);
  return wish && { version: pythonFor(where, specifierOf(wish.request)), origin: wish.origin };
}

/** A version that pyenv and uv look for beside the project. */
function pinnedBeside(where: string, pyproject: string, within: Confinement): Wish | undefined {
  const file = join(dirname(pyproject), ".python-version");
  if (!isReadable(file, within)) return undefined;
  const [, version] =
    /^\s*(?:cpython[@-])?(\d{1,2}\.\d{1,3})(?:\.\d{1,3})?\s*(?:[\r\n]|$)/.exec(readNamed("pythonVersion", file)) ?? [];
  return version === undefined ? undefined : { request: version, origin: ".python-version", where };
}

function requiredBy(where: string, file: string): Wish | undefined {
  const request = requiredPython(where, file);
  return request === undefined ? undefined : { request, origin: `requires-python in ${basename(file)}`, where };
}

/**
 * The versions of Python that a project runs on, also as Poetry writes them.
 *
 * @throws ImageBuilderError `imageFileMissing`; `imageInvalid` for a file that is not TOML
 */
export function requiredPython(where: string, file: string): string | undefined {
  const poetry = tableIn(readToml(where, file), "tool", "poetry", "dependencies").python;
  return readPyproject(where, file).requiresPython ?? (typeof poetry === "string" ? withoutCarets(poetry) : undefined);
}

/** Poetry's `^3.11` and `~3.11` as a range of versions; nothing for what is neither that nor a range. */
function withoutCarets(request: string): string | undefined {
  const [, mark, major = "", minor = ""] = /^([\^~])(\d{1,2})\.(\d{1,3})(?:\.\d{1,3})?$/.exec(request.trim()) ?? [];
  if (mark === "^") return `>=${major}.${minor},<${Number(major) + 1}`;
  if (mark === "~") return `>=${major}.${minor},<${major}.${Number(minor) + 1}`;
  return /^[<>=!~\d.,*\s]+$/.test(request) ? request : undefined;
}

/** A bare version stands for itself. */
function specifierOf(request: string): string {
  return /^\d+\.\d+$/.test(request) ? `==${request}.*` : request;
}
