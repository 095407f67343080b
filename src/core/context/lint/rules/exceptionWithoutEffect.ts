import { docs, type Rule } from "../rule";
import { countOf } from "../words";

/** An exception for what is not excluded. */
export const exceptionWithoutEffect: Rule = {
  code: "exception-without-effect",
  severity: "information",
  explanation: "An exception takes back what the lines above it exclude. Where they exclude none of it, or where lines below exclude all of it again, the same is sent without it.",
  docsUrl: docs.negation,
  async *find(state) {
    const { view } = state;
    if (!view) return;
    const { lines: reports } = await view.evaluate();
    const idle = await state.idleLines();
    for (const [index, written] of state.lines.entries()) {
      const { files = 0, flips = 0 } = reports[index] ?? {};
      if (!written.pattern.exception || files === 0 || !idle.has(written) || state.explained.has(written.line)) continue;
      const reason = flips === 0 ? `no line above excludes any of the ${countOf(files, "file")} that it matches` : "other lines decide on everything that it matches";
      yield {
        range: written.range,
        message: `"${written.text}" changes nothing here: ${reason}.`,
        fixes: [state.deletion(written)],
        explains: written.line,
      };
    }
  },
};
