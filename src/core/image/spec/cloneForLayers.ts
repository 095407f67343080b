import { basename } from "node:path";
import type { TextEdit } from "../../context/lint/state/textEdits";
import type { TextRange } from "../../base/textRange";
import type { Image } from "../image";
import type { CloneArguments } from "./specMethods";
import { replacing, specError, type SpecProblem } from "./specProblem";
import { nodeAt, rangeAt, type SpecNode } from "./specTree";
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
  const layers = nodeAt(root, ["layers"]);
  if (!layers || layers.items.length === 0) return { changes: clone };
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
  if ((clone?.name ?? base.name) === undefined) return { problem: nameMissing(root, file) };
  return { changes: { ...clone, extendable: true } };
}

function nameMissing(root: SpecNode, file: string): SpecProblem {
  const name =
    withoutEdges(
      basename(file)
        .replace(/\.image\.\w+$/, "")
        .toLowerCase()
        .replaceAll(/[^a-z0-9._-]+/g, "-"),
      "._-",
    ) || "app";
  const message = 'An image with layers needs a name. Add one: "clone: { name: … }".';
  const key = layersKey(root);
  return specError("key-missing", key, message, [
    { title: `Name it "${name}"`, edits: [nameEdit(root, key, name, /\.json$/i.test(file))] },
  ]);
}

/**
 * Returns the edit that adds a name: before the first entry of the file's `clone`, or in a new `clone` before `layers`.
 */
function nameEdit(root: SpecNode, layers: TextRange, name: string, isJson: boolean): TextEdit {
  const clone = nodeAt(root, ["clone"]);
  const [first] = clone?.entries.values() ?? [];
  const { line, column } = first?.keyRange ?? layers;
  const isInline = isJson || (first !== undefined && clone?.range.column !== column);
  const entry = isJson ? `"name": ${JSON.stringify(name)}` : `name: ${name}`;
  const whole = first ? entry : isJson ? `"clone": { ${entry} }` : `clone:\n${" ".repeat(column + 1)}${entry}`;
  return {
    range: { line, column, endLine: line, endColumn: column },
    newText: isInline ? `${whole}, ` : `${whole}\n${" ".repeat(column - 1)}`,
  };
}

function layersKey(root: SpecNode): TextRange {
  return root.entries.get("layers")?.keyRange ?? root.range;
}
