import { availableParallelism } from "node:os";
import { check } from "recheck";
import { collectRegularExpressions } from "./collect.mjs";
import { proved } from "./proved.mjs";

/** For one expression; most take some milliseconds. */
const timeoutMs = 30_000;

/** @returns {Promise<string[]>} what is wrong with each that is not safe */
async function problemsOf(/** @type {readonly import("./collect.mjs").Found[]} */ expressions) {
  /** @type {string[]} */
  const problems = [];
  const pending = [...expressions];
  const work = async () => {
    for (let next = pending.pop(); next; next = pending.pop()) {
      const { source, flags, places } = next;
      const found = await check(source, flags, { timeout: timeoutMs });
      if (found.status === "safe") continue;
      const why = found.status === "vulnerable" ? `${found.complexity.summary}, as for ${found.attack.pattern}` : `not decided: ${found.error.kind}`;
      problems.push(`${places.join(", ")}: /${source}/${flags} (${why})`);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return problems.sort();
}

const { found, unknown } = collectRegularExpressions();
const unproved = unknown.filter(({ place }) => !(place.replace(/:\d+$/, "") in proved));
const problems = [...(await problemsOf(found)), ...unproved.map(({ place, text }) => `${place}: ${text} is made at run time and not listed in proved.mjs`)];
for (const problem of problems) console.error(problem);
console.log(`${found.length} regular expressions, ${unknown.length} made at run time: ${problems.length === 0 ? "all take linear time" : `${problems.length} to mend`}`);
process.exit(problems.length > 0 ? 1 : 0);
