import { IgnoreList, type Verdict } from "../../context/dockerignore/ignoreList";
import { parsePattern, type IgnorePattern } from "../../context/dockerignore/parseIgnoreFile";

/**
 * What is left out of a folder unless its ignore file brings it back: nothing; what never belongs in an image; or
 * caches, environments and build output, too, as Flyte leaves them out of a project.
 */
export type LeftOut = "nothing" | "debris" | "clutter";

/** Patterns for any depth that leave no trace in what is built: notes of editors, Python and this extension itself. */
const debris = ["__pycache__", ".DS_Store", "Thumbs.db", "*.image.yaml", "*.image.yml", "*.image.json"];

/** The folder itself has these, and each commit changes them. */
const debrisAtTop = [".git"];

const clutter = [
  ...["*.pyc", ".ruff_cache", ".mypy_cache", ".pytest_cache", ".venv", ".env", ".idea", "*.egg-info"],
  ...["*.image.mjs", "*.image.ts"],
];

/** Deeper down, a package may have these names. */
const clutterAtTop = [".cache", "venv", "env", "build", "dist", "*.log", "*.egg", "*.whl"];

/** Values of {@link LeftOut}, from the one that leaves out the least to the most. */
const order: readonly LeftOut[] = ["nothing", "debris", "clutter"];

/** Returns the one that leaves out the most. */
export function mostLeftOut(all: readonly LeftOut[]): LeftOut {
  return order.findLast((each) => all.includes(each)) ?? "nothing";
}

/** Whether a file or folder, by its slash-separated path, is among what is left out of the folder above it. */
export function isLeftOut(path: string, leftOut: LeftOut): boolean {
  const list = new IgnoreList(clutterPatterns(leftOut).flatMap(patternOf), "buildkit");
  let scope: IgnoreList["root"] | undefined = list.root;
  for (const part of path.split("/")) {
    const verdict: Verdict | undefined = scope && list.decide(scope, part, true);
    if (!verdict || verdict.excluded) return true;
    scope = verdict.inside;
  }
  return false;
}

/** Returns a pattern as ignore lists take it. */
export function patternOf(text: string): IgnorePattern[] {
  const pattern = parsePattern(text);
  return pattern && !("reason" in pattern) ? [pattern] : [];
}

/**
 * Returns the patterns for a folder, as its ignore file would have them above its own lines.
 *
 * @param prefix the folder's path below the ignore file's, with a slash at its end, or nothing
 */
export function clutterPatterns(leftOut: LeftOut, prefix = ""): string[] {
  if (leftOut === "nothing") return [];
  const [anywhere, atTop] =
    leftOut === "debris"
      ? [debris, debrisAtTop]
      : [
          [...debris, ...clutter],
          [...debrisAtTop, ...clutterAtTop],
        ];
  return [...anywhere.map((name) => `${prefix}**/${name}`), ...atTop.map((name) => `${prefix}${name}`)];
}
