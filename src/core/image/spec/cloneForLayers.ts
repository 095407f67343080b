import { basename } from "node:path";
import type { Image } from "../image";
import { cloneEdit } from "./cloneEdit";
import type { CloneArguments } from "./specMethods";
import { replacing, specError, type SpecProblem } from "./specProblem";
import { nodeAt, rangeAt, type SpecNode } from "./specNode";
import { withoutEdges } from "../../base/trimText";

/** Changes for cloning an image before layers are added, or the problem that prevents it. */
export interface CloneForLayers {
  /** Undefined if the image is not cloned. */
  readonly changes?: CloneArguments;
  readonly problem?: SpecProblem;
}

/** Returns the changes of the file's `clone`: an image with layers is extendable unless the file says otherwise. */
export function cloneForLayers(
  root: SpecNode,
  base: Image,
  clone: CloneArguments | undefined,
  file: string,
): CloneForLayers {
  const hasName = (clone?.name ?? base.name) !== undefined;
  const layers = nodeAt(root, ["layers"]);
  // An image that is cloned is built, even if nothing is added to it.
  if (!layers || layers.items.length === 0)
    return clone && !hasName ? { problem: nameMissing(root, file, "clone") } : { changes: clone };
  if (base.dockerfile !== undefined) {
    return {
      problem: specError(
        "argument-invalid",
        rangeAt(root, ["layers"]),
        `Layers can't be added to an image built from a Dockerfile. Add them to "${base.dockerfile}" instead.`,
      ),
    };
  }
  const extendable = rangeAt(root, ["clone", "extendable"]);
  if (clone?.extendable === false) {
    return {
      problem: specError(
        "argument-invalid",
        extendable,
        "Layers can't be added to an image that isn't extendable. Remove this key.",
        [replacing('Replace with "true"', extendable, "true")],
      ),
    };
  }
  if (!hasName) return { problem: nameMissing(root, file, "layers") };
  return { changes: { ...clone, extendable: true } };
}

/** @param key why the image is built, and so needs a name */
function nameMissing(root: SpecNode, file: string, key: "clone" | "layers"): SpecProblem {
  const name =
    withoutEdges(
      basename(file)
        .replace(/\.image\.\w+$/, "")
        .toLowerCase()
        .replaceAll(/[^a-z0-9._-]+/g, "-"),
      "._-",
    ) || "app";
  const what = key === "layers" ? "An image with layers" : "An image that is cloned";
  const range = root.entries.get(key)?.keyRange ?? root.range;
  return specError("key-missing", range, `${what} needs a name. Add one: "clone: { name: … }".`, [
    { title: `Name it "${name}"`, edits: [cloneEdit(root, range, [["name", name]], /\.json$/i.test(file))] },
  ]);
}
