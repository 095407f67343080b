/** @typedef {import("./random.mjs").Random} Random */

const linkTargets = ["a", "../a", "foo", "nowhere", ".", "..", "src", "b/c", "/etc"];

/**
 * Creates random files, links, and empty directories up to five levels deep, always with a Dockerfile and an ignore
 * file.
 *
 * @param {Random} random
 * @param {readonly string[]} names
 * @returns {string[]} `p` for a file, `p/` for an empty directory, `p -> t` for a link
 */
export function randomTree(random, names) {
  const directories = new Set([""]);
  /** @type {Map<string, string>} */
  const leaves = new Map([
    ["Dockerfile", "Dockerfile"],
    [".dockerignore", ".dockerignore"],
  ]);
  for (let i = 4 + random.below(16); i > 0; i--) {
    let path = random.chance(0.5) ? random.pick([...directories]) : "";
    const parts = random.times(1, 3, () => random.pick(names));
    for (const [at, name] of parts.entries()) {
      path = path === "" ? name : `${path}/${name}`;
      if (leaves.has(path) || path.split("/").length > 5) break;
      if (at < parts.length - 1) directories.add(path);
      else if (!directories.has(path)) leaves.set(path, leafOf(random, path));
    }
  }
  for (const directory of directories) {
    const isEmpty =
      directory !== "" && ![...leaves.keys(), ...directories].some((path) => path.startsWith(`${directory}/`));
    if (isEmpty) leaves.set(directory, `${directory}/`);
  }
  return [...leaves.values()].sort();
}

/**
 * @param {Random} random
 * @param {string} path
 */
function leafOf(random, path) {
  if (random.chance(0.04)) return `${path} -> ${random.pick(linkTargets)}`;
  return random.chance(0.1) ? `${path}/` : path;
}
