import { isDeepStrictEqual } from "node:util";
import { say } from "../setup/steps.mjs";
import { shrink } from "./shrink.mjs";

/**
 * @typedef {import("./randomCases.mjs").Case} Case
 * @typedef {import("./outcome.mjs").Outcome} Outcome
 * @typedef {(cases: readonly Case[]) => Promise<Outcome[]>} Truth returns the real outcomes of cases
 * @typedef {Readonly<Record<string, (one: Case) => Promise<Partial<Outcome>>>>} Ours our readers by name, which return
 * the outcome of a case; the first one returns all properties
 */

/** Maximum number of mismatches that are shrunk and printed. */
const mostPrinted = 5;
/** Number of batches between two progress messages. */
const builds = 20;

/**
 * Compares the real outcomes of cases with those of our readers, and prints the differences.
 *
 * @param {readonly Case[]} cases
 * @param {{ truth: Truth, ours: Ours, batch: number, cutsShort?: boolean }} options `cutsShort` for a builder that
 * silently ends the context at a pattern that it can't use in an excluded directory, where we refuse the build
 * @returns {Promise<number>} number of cases that differ
 */
export async function compare(cases, { truth, ours, batch, cutsShort = false }) {
  const tally = { refused: 0, emptied: 0, cut: 0, mismatches: /** @type {Case[]} */ ([]) };
  for (const [number, some] of (await inBatches(cases, ours, batch)).entries()) {
    for (const { one, real, differing } of await readAll(some, truth, ours)) {
      if (real.error !== undefined) tally.refused++;
      if (real.emptied.length > 0) tally.emptied++;
      if (cutsShort && isCutShort(real, differing)) tally.cut++;
      else if (differing.length > 0) tally.mismatches.push(one);
    }
    if (number % builds === builds - 1) say(`${number + 1} batches, ${tally.mismatches.length} mismatches`);
  }
  const differs = async (/** @type {Case} */ one) => {
    const [{ real, differing } = { real: undefined, differing: [] }] = await readAll([one], truth, ours);
    return real !== undefined && differing.length > 0 && !(cutsShort && isCutShort(real, differing));
  };
  for (const mismatch of tally.mismatches.slice(0, mostPrinted)) {
    const small = await shrink(mismatch, differs);
    for (const { real, differing } of await readAll([small], truth, ours))
      console.log(JSON.stringify({ ...small, real, ...Object.fromEntries(differing) }, undefined, 1));
  }
  const { refused, emptied, cut, mismatches } = tally;
  console.log(
    `${cases.length} cases, ${refused} refused, ${emptied} with files that arrive empty, ` +
      `${cut} cut short: ${mismatches.length} mismatches`,
  );
  return mismatches.length;
}

/**
 * @param {Outcome} real
 * @param {readonly (readonly [string, Partial<Outcome>])[]} differing
 */
function isCutShort(real, differing) {
  return (
    real.error === undefined &&
    differing.length > 0 &&
    differing.every(([, { error }]) => error === "syntax error in pattern")
  );
}

/**
 * Splits cases into batches. Cases that should fail are alone, because one failure fails the whole batch.
 *
 * @param {readonly Case[]} cases
 * @param {Ours} ours
 * @param {number} batch
 * @returns {Promise<(readonly Case[])[]>}
 */
async function inBatches(cases, ours, batch) {
  const [first] = Object.values(ours);
  /** @type {Case[]} */
  const sound = [];
  /** @type {Case[][]} */
  const batches = [];
  for (const one of cases) {
    if ((await first?.(one))?.error === undefined) sound.push(one);
    else batches.push([one]);
  }
  for (let i = 0; i < sound.length; i += batch) batches.push(sound.slice(i, i + batch));
  return batches;
}

/**
 * @param {readonly Case[]} cases
 * @param {Truth} truth
 * @param {Ours} ours
 */
async function readAll(cases, truth, ours) {
  const truths = await truth(cases);
  const results = [];
  for (const [i, one] of cases.entries()) {
    const real = /** @type {Outcome} */ (truths[i]);
    /** @type {[string, Partial<Outcome>][]} */
    const differing = [];
    for (const [name, read] of Object.entries(ours)) {
      const said = await read(one);
      if (!agree(real, said)) differing.push([name, said]);
    }
    results.push({ one, real, differing });
  }
  return results;
}

/**
 * Compares two outcomes. Our error must be part of Docker's error, which contains more words.
 *
 * @param {Outcome} real
 * @param {Partial<Outcome>} said
 */
function agree(real, said) {
  if (real.error !== undefined || said.error !== undefined)
    return said.error !== undefined && real.error?.includes(said.error) === true;
  return isDeepStrictEqual({ ...real, ...said }, real);
}
