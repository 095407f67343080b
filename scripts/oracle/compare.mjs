import { isDeepStrictEqual } from "node:util";
import { say } from "../setup/steps.mjs";
import { shrink } from "./shrink.mjs";

/**
 * @typedef {import("./randomCases.mjs").Case} Case
 * @typedef {import("./outcome.mjs").Outcome} Outcome
 * @typedef {(cases: readonly Case[]) => Promise<Outcome[]>} Truth what really happens to each of some cases
 * @typedef {Readonly<Record<string, (one: Case) => Promise<Partial<Outcome>>>>} Ours what our readers say, by their
 * names; the first knows all
 */

/** How many mismatches are made small and printed. */
const mostPrinted = 5;
/** After how many builds a line says how far it is. */
const builds = 20;

/**
 * Compares what really happens to cases with what our readers say, and prints where they differ.
 *
 * @param {readonly Case[]} cases
 * @param {{ truth: Truth, ours: Ours, batch: number, cutsShort?: boolean }} options `cutsShort` for a builder that ends
 * the
 *   context without a word where it meets a pattern it cannot use in an excluded directory; we refuse the build then
 * @returns {Promise<number>} how many cases differ
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
 * One failure fails a whole batch, so cases that are to fail come alone.
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
 * Ours gives the reason in Docker's words, Docker more words around it.
 *
 * @param {Outcome} real
 * @param {Partial<Outcome>} said
 */
function agree(real, said) {
  if (real.error !== undefined || said.error !== undefined)
    return said.error !== undefined && real.error?.includes(said.error) === true;
  return isDeepStrictEqual({ ...real, ...said }, real);
}
