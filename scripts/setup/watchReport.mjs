/**
 * Reports several watched bundles as one build, in lines that the problem matcher of `.vscode/tasks.json` reads:
 * `[watch] build started`, one line per error and warning, `[watch] build finished`.
 *
 * @param {(line: string) => void} [print]
 * @returns {import("esbuild").Plugin} plugin for each of the bundles
 */
export function watchReport(print = console.log) {
  let running = 0;
  /** @type {Set<string>} */
  const found = new Set();
  return {
    name: "watch-report",
    setup({ onStart, onEnd }) {
      onStart(() => {
        if (running++ === 0) print("[watch] build started");
      });
      onEnd(({ errors, warnings }) => {
        for (const line of [...lines("error", errors), ...lines("warning", warnings)]) found.add(line);
        if (--running > 0) return;
        for (const line of found) print(line);
        found.clear();
        print("[watch] build finished");
      });
    },
  };
}

/**
 * @param {"error" | "warning"} severity
 * @param {readonly import("esbuild").Message[]} messages
 */
function lines(severity, messages) {
  return messages.map(
    ({ location, text }) =>
      `${location?.file ?? "esbuild.mjs"}:${location?.line ?? 1}:${(location?.column ?? 0) + 1}: ${severity}: ${text}`,
  );
}
