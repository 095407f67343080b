import { ImageBuilderError } from "../../base/errors";
import { parseImageReference } from "../../base/imageReference";
import type { TextRange } from "../../base/textRange";
import { applyEdits, type TextEdit } from "../../context/lint/state/textEdits";
import { encode } from "../definition/canonical";
import type { ImageDefinition } from "../definition/definition";
import { withOutside } from "../plan/outsidePlaces";
import { resolvedBase, type ImagePlaces } from "../resolve/resolve";
import { cloneEdit } from "./cloneEdit";
import { readImageSpec } from "./readImageSpec";
import { nodeAt, type SpecNode, type SpecPath } from "./specNode";

/** Base image whose digest can be looked up. */
export interface BasePin {
  /** Name with its tag and without a digest. */
  readonly name: string;
  /** Digest that the base image is pinned to; undefined if it is not. */
  readonly digest: string | undefined;
  /** Python that the base image was selected by, if the image itself doesn't name one. */
  readonly python: string | undefined;
}

/** Change of a spec that pins its base image. */
export interface PinChange {
  readonly edits: readonly TextEdit[];
  /** The text after the change. */
  readonly text: string;
}

/** Paths at which a spec can name its base image, the one that takes precedence first. */
const basePaths: readonly SpecPath[] = [
  ["clone", "baseImage"],
  ["from", "base", "imageUri"],
  ["from", "base"],
];

/** Bases that result from the version of Python, so that a spec doesn't name them. */
const chosenBases = ["debianBase", "uvScript"];

/**
 * Returns the base image of an image as it is now, to look up its digest.
 *
 * @throws ImageBuilderError `imageInvalid` for an image whose base can't be pinned; `imageFileMissing`,
 * `sourceNotConfirmed` if a project selects the Python
 */
export async function basePin(image: ImageDefinition, places: ImagePlaces, signal?: AbortSignal): Promise<BasePin> {
  return withOutside(places, (limited) => pinOf(image, limited), signal);
}

function pinOf(image: ImageDefinition, places: ImagePlaces): BasePin {
  if (image.dockerfile !== undefined)
    throw refused(`the Dockerfile "${image.dockerfile}" names them. Add the digest to its FROM instruction`);
  const { baseImage, python } = resolvedBase(image, places);
  // A release of Flyte that nothing is added to isn't built.
  if (!image.isCloned && image.pythonVersion)
    throw refused(`nothing is built on it. Write "from: { base: ${baseImage} }" to refer to it by name`);
  const { tag, digest } = parseImageReference(baseImage);
  const [name = ""] = baseImage.split("@", 1);
  if (tag === undefined && digest !== undefined)
    throw refused(
      `"${baseImage}" has no tag, so there is nothing to look up. ` +
        "Add the tag between the name and the digest, such as python:3.12-slim@sha256:…",
    );
  return {
    name: tag === undefined ? `${name}:latest` : name,
    digest,
    python: image.isDefaultPython === true && python.version ? python.version.join(".") : undefined,
  };
}

/** Returns the range that names a spec's base image; undefined if the base image is named elsewhere. */
export function rangeOfBase(root: SpecNode): TextRange | undefined {
  const named = baseNode(root);
  if (named) return named.range;
  const from = nodeAt(root, ["from"]);
  return chosenBases.flatMap((key) => from?.entries.get(key)?.keyRange ?? [])[0];
}

/**
 * Returns the change that pins a spec's base image to a digest. The changed text is read again: nothing but the base
 * image may differ.
 *
 * @param text of the spec, without a byte order mark
 * @param base as it was looked up
 * @throws ImageBuilderError `imageInvalid` for a spec that has changed since, or that is written in another way
 */
export async function pinChange(
  { text, file, places }: { readonly text: string; readonly file: string; readonly places: ImagePlaces },
  base: BasePin,
  digest: string,
): Promise<PinChange> {
  const spec = readImageSpec(text, file);
  const now = spec.image && (await basePin(spec.image, places));
  if (!spec.image || now?.name !== base.name || now.digest !== base.digest)
    throw refused("the spec has changed meanwhile. Try again");
  const pinned = `${base.name}@${digest}`;
  const edits = editsOf(spec.root, pinned, base, /\.json$/i.test(file));
  const changed = { edits, text: applyEdits(text, edits) };
  const { image } = readImageSpec(changed.text, file);
  const isPinned = image !== undefined && image.baseImage === pinned && restOf(image) === restOf(spec.image);
  if (edits.length === 0 || !isPinned)
    throw refused(`the spec names it in a way that can't be changed safely. Write "${pinned}" as the base yourself`);
  return changed;
}

function editsOf(root: SpecNode, pinned: string, { python }: BasePin, isJson: boolean): TextEdit[] {
  const named = baseNode(root);
  if (named) return [{ range: named.range, newText: `${named.quote}${pinned}${named.quote}` }];
  const before = root.entries.get("layers") ?? root.entries.get("from");
  if (!before || !rangeOfBase(root)) return [];
  const version = python === undefined ? [] : [["pythonVersion", python] as const];
  return [cloneEdit(root, before.keyRange, [["baseImage", pinned], ...version], isJson)];
}

function baseNode(root: SpecNode): SpecNode | undefined {
  return basePaths.map((path) => nodeAt(root, path)).find((node) => node?.kind === "scalar");
}

/** Returns the parts of an image that pinning its base doesn't change. */
function restOf(image: ImageDefinition): string {
  return encode({
    ...image,
    baseImage: undefined,
    pythonVersion: undefined,
    isDefaultPython: undefined,
    isSlim: undefined,
    isCloned: undefined,
  });
}

function refused(why: string): ImageBuilderError {
  return new ImageBuilderError("imageInvalid", `Can't pin the base image: ${why}.`);
}
