import { versionOf } from "../resolve/checkSteps";
import type { Image } from "../image";
import { replacing, specWarning, type SpecProblem } from "./specProblem";
import { nodeAt, type SpecNode } from "./specNode";

/** Layers that install into the image's Python. */
const installing = ["pipPackages", "requirements", "uvProject", "poetryProject", "uvScript", "pythonWheels"];

/** Returns the problem of a version that the spec names beside a base image with another Python. */
export function pythonProblems(root: SpecNode, image: Image): SpecProblem[] {
  const found = image.baseImage === undefined ? undefined : versionOf(image.baseImage);
  const wanted = image.isDefaultPython === true ? undefined : image.pythonVersion;
  if (!found || !wanted || found.join() === wanted.join()) return [];
  if (!image.layers.some(({ kind }) => installing.includes(kind))) return [];
  const bases = [...(nodeAt(root, ["from"])?.entries.keys() ?? [])];
  const node = [["clone"], ...bases.map((base) => ["from", base])]
    .map((path) => nodeAt(root, [...path, "pythonVersion"]))
    .find((each) => each !== undefined);
  if (!node) return [];
  const version = found.join(".");
  return [
    specWarning(
      "python-mismatch",
      node.range,
      `The base image "${image.baseImage}" has Python ${version}, but the spec asks for ${wanted.join(".")}. ` +
        "Use the same version in both.",
      [replacing(`Replace with "${version}"`, node.range, JSON.stringify(version))],
    ),
  ];
}
