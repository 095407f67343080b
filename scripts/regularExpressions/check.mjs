import { availableParallelism } from "node:os";
import { parseRegExpLiteral, visitRegExpAST } from "@eslint-community/regexpp";
import { check } from "recheck";
import { collectRegularExpressions } from "./collect.mjs";
import { proved } from "./proved.mjs";
import { budgetMs, fullLength, Trial } from "./trial.mjs";

/** Time limit for one expression in milliseconds; most take a few milliseconds. */
const timeoutMs = 60_000;

/** Whether an expression repeats something more than 20 times; without that, it takes linear time. */
function repeats(/** @type {RegExp} */ expression) {
  let found = false;
  visitRegExpAST(parseRegExpLiteral(expression), { onQuantifierEnter: ({ max }) => void (found ||= max > 20) });
  return found;
}

/** Checks an expression, once more with triple the time after a timeout, because the machine may be busy. */
async function decided(/** @type {string} */ source, /** @type {string} */ flags) {
  const found = await check(source, flags, { timeout: timeoutMs });
  return found.status === "unknown" && found.error.kind === "timeout"
    ? check(source, flags, { timeout: 3 * timeoutMs })
    : found;
}

/**
 * Returns the problem of an expression; undefined if it has none. A problem that was found by trying texts is measured
 * again here, because on a busy machine the tool attributes any delay to the expression.
 */
async function problemOf(/** @type {import("./collect.mjs").Found} */ { source, flags, splits, places }) {
  const expression = new RegExp(source, flags);
  if (!repeats(expression)) return undefined;
  const found = await decided(source, flags);
  if (found.status === "safe") return undefined;
  const shown = `${places.join(", ")}: /${source}/${flags}`;
  if (found.status === "unknown") return `${shown} is not decided: ${found.error.kind}`;
  const { checker, complexity, attack } = found;
  const limit = (budgetMs * attack.string.length) / fullLength;
  if (checker === "fuzz" && new Trial(expression, splits).ms(attack.string, limit) <= limit) return undefined;
  return `${shown}: ${complexity.summary}, as for ${attack.pattern}`;
}

async function problemsOf(/** @type {readonly import("./collect.mjs").Found[]} */ expressions) {
  /** @type {(string | undefined)[]} */
  const problems = [];
  const pending = [...expressions];
  const work = async () => {
    for (let next = pending.pop(); next; next = pending.pop()) problems.push(await problemOf(next));
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return problems.filter((problem) => problem !== undefined).sort();
}

const { found, unknown } = collectRegularExpressions();
const unproved = unknown.filter(({ place }) => !(place.replace(/:\d+$/, "") in proved));
const problems = [
  ...(await problemsOf(found)),
  ...unproved.map(({ place, text }) => `${place}: ${text} is made at run time and not listed in proved.mjs`),
];
for (const problem of problems) console.error(problem);
const outcome = problems.length === 0 ? "all take linear time" : `${problems.length} to fix`;
console.log(`${found.length} regular expressions, ${unknown.length} made at run time: ${outcome}`);
process.exit(problems.length > 0 ? 1 : 0);
