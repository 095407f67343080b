import { createContext, Script } from "node:vm";

/** The budget for 100,000 characters of foreign text on the editor's thread. */
export const budgetMs = 50;
/** The length that the budget is for. */
export const fullLength = 100_000;
/** A search that runs for longer is stopped. */
const limitMs = 5_000;
/**
 * How often a search that seems too slow is measured again: on a busy machine any single run may have been interrupted.
 */
const runs = 5;

/** Measures how long a regular expression takes when it is used as the product does. */
export class Trial {
  #context;
  #script;

  /**
   * @param {RegExp} expression
   * @param {boolean} splits whether texts are split by it
   */
  constructor(expression, splits) {
    this.#context = createContext({ expression, text: "" });
    const piecewise =
      "for (let at = 0; at < t.length && ((e.lastIndex = at), e.test(t)); at = Math.max(e.lastIndex, at + 1));";
    const once = expression.global ? "t.replace(e, '');" : "e.test(t);";
    // What is sticky reads a text piece by piece.
    const use = splits ? "t.split(e);" : expression.sticky ? piecewise : once;
    // Of the context only what is local is quick.
    this.#script = new Script(`(function (e, t) { e.lastIndex = 0; ${use} })(expression, text)`);
  }

  /**
   * The shortest time of several runs, in ms; one run is enough where it is within the budget.
   *
   * @param {string} text
   * @returns {number} Infinity for a search that had to be stopped
   */
  ms(text) {
    this.#context.text = text;
    let least = Infinity;
    for (let run = 0; run < runs && least > budgetMs; run++) {
      const ms = this.#once();
      least = Math.min(least, ms);
      // So much is nobody else's fault.
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
      // So deep a search ends by itself, and soon.
      if (!message.includes("call stack")) throw error;
    }
    const { user, system } = process.cpuUsage(before);
    // On a busy machine time passes while others work.
    return Math.min(performance.now() - begin, (user + system) / 1000);
  }
}
