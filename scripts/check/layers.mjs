/**
 * Layers of the source, lowest first. A folder imports only folders in earlier rows of this list, and folders in its
 * own row that don't import it. `.dependency-cruiser.mjs` enforces this, and ARCHITECTURE.md shows it.
 *
 * Each item is a folder below `src` with all its subfolders.
 *
 * @type {readonly (readonly string[])[]}
 */
export const layers = [
  ["core/base", "core/text"],
  ["core/process", "core/border"],
  ["core/http", "core/dockerfile", "core/credentials"],
  ["core/config", "core/context"],
  ["core/operation"],
  [
    "core/progress",
    "core/report",
    "core/consent",
    "core/transport",
    "core/artifacts",
    "core/distribution",
    "core/history",
  ],
  ["core/session", "core/clouds", "core/embedded"],
  ["core/worker"],
  ["core/engine", "core/connectors"],
  ["core/contracts"],
  ["core/registries", "core/builders"],
  ["core/flavors"],
  ["core/image"],
  ["core/components", "core/jobs"],
  ["api", "webview", "cli"],
  ["vscode/ui"],
  ["vscode/platform"],
  ["vscode/settings", "vscode/consent"],
  ["vscode/flavorSources", "vscode/secrets"],
  ["vscode/access"],
  ["vscode/context"],
  ["vscode/components"],
  ["vscode/connectors", "vscode/registries", "vscode/builds"],
  ["vscode/images", "vscode/flavors"],
  ["vscode/tasks", "vscode/languageModel"],
];

/** Returns the diagram of ARCHITECTURE.md: one row per layer, highest first. */
export function picture() {
  return [...layers]
    .reverse()
    .map((row) => row.join(" · "))
    .join("\n");
}
