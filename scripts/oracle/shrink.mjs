/** @typedef {import("./randomCases.mjs").Case} Case */

/**
 * Finds the smallest case that still fails, by leaving out lines and files one by one.
 *
 * @param {Case} one
 * @param {(one: Case) => Promise<boolean>} stillFails
 * @returns {Promise<Case>}
 */
export async function shrink(one, stillFails) {
  for (const smaller of smallerCases(one)) {
    if (await stillFails(smaller)) return shrink(smaller, stillFails);
  }
  return one;
}

/**
 * @param {Case} one
 * @returns {Generator<Case>}
 */
function* smallerCases({ id, files, dockerignore }) {
  const lines = dockerignore.split("\n");
  for (const i of lines.keys())
    if (lines.length > 1) yield { id, files, dockerignore: lines.toSpliced(i, 1).join("\n") };
  for (const i of files.keys()) {
    if (files[i] !== "Dockerfile" && files[i] !== ".dockerignore")
      yield { id, files: files.toSpliced(i, 1), dockerignore };
  }
}
