import { createContext, Script } from "node:vm";

/** Time limit in milliseconds for 100,000 characters of foreign text on the editor's thread. */
export const budgetMs = 50;
/** Number of characters that the time limit applies to. */
export const fullLength = 100_000;
/** Time in milliseconds after which a search is stopped. */
const limitMs = 5_000;
/** Maximum number of runs for a search that seems too slow: on a busy machine, any single run may be interrupted. */
const runs = 5;

/** Measures the time of a regular expression when it is used as in the product. */
export class Trial {
  #context;
  #script;

  /**
   * @param {RegExp} expression
   * @param {boolean} splits whether texts are split by the expression
   */
  constructor(expression, splits) {
    this.#context = createContext({ expression, text: "" });
    const piecewise =
      "for (let at = 0; at < t.length && ((e.lastIndex = at), e.test(t)); at = Math.max(e.lastIndex, at + 1));";
    const once = expression.global ? "t.replace(e, '');" : "e.test(t);";
    // A sticky expression reads a text piece by piece.
    const use = splits ? "t.split(e);" : expression.sticky ? piecewise : once;
    // Only local variables are fast in the context.
    this.#script = new Script(`(function (e, t) { e.lastIndex = 0; ${use} })(expression, text)`);
  }

  /**
   * Returns the shortest time of several runs in milliseconds. One run is enough if it is within the limit.
   *
   * @param {string} text
   * @param {number} [limit] in milliseconds
   * @returns {number} Infinity for a search that had to be stopped
   */
  ms(text, limit = budgetMs) {
    this.#context.text = text;
    let least = Infinity;
    for (let run = 0; run < runs && least > limit; run++) {
      const ms = this.#once();
      least = Math.min(least, ms);
      // This much time can't be caused by other load.
      if (ms > 10 * budgetMs) break;
    }
    return least;
  }

  #once() {
    const begin = performance.now();
    const before = process.cpuUsage();
    try {
      this.#script.runInContext(this.#context, { timeout: limitMs });
    } catch (error) {
      const { code, message = "" } = /** @type {NodeJS.ErrnoException} */ (error);
      if (code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return Infinity;
      // A search with such a deep recursion ends by itself, and soon.
      if (!message.includes("call stack")) throw error;
    }
    const { user, system } = process.cpuUsage(before);
    // On a busy machine, elapsed time includes the work of other processes.
    return Math.min(performance.now() - begin, (user + system) / 1000);
  }
}
