/**
 * Prints what several watched bundles do as one build, in lines that the problem matcher of `.vscode/tasks.json` reads:
 * `[watch] build started`, a line for each error and warning, `[watch] build finished`.
 *
 * @returns {import("esbuild").Plugin} to be added to each bundle
 */
export function watchReport() {
  let running = 0;
  /** @type {Set<string>} */
  const found = new Set();
  return {
    name: "watch-report",
    setup({ onStart, onEnd }) {
      onStart(() => {
        if (running++ === 0) console.log("[watch] build started");
      });
      onEnd(({ errors, warnings }) => {
        for (const line of [...lines("error", errors), ...lines("warning", warnings)]) found.add(line);
        if (--running > 0) return;
        for (const line of found) console.log(line);
        found.clear();
        console.log("[watch] build finished");
      });
    },
  };
}

/**
 * @param {"error" | "warning"} severity
 * @param {readonly import("esbuild").Message[]} messages
 */
function lines(severity, messages) {
  return messages.map(({ location, text }) => `${location?.file ?? "esbuild.mjs"}:${location?.line ?? 1}:${(location?.column ?? 0) + 1}: ${severity}: ${text}`);
}
