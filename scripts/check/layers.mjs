/**
 * The layers of the source, lowest first: a folder imports only folders of the rows above its own in this list, and the
 * other folders of its row that it names. `.dependency-cruiser.mjs` holds this, and ARCHITECTURE.md shows it.
 *
 * A row lists drawers: a drawer is a folder below `src` with all folders inside.
 *
 * @type {readonly (readonly string[])[]}
 */
export const layers = [
  ["core/base", "core/text"],
  ["core/process", "core/border"],
  ["core/http", "core/dockerfile", "core/credentials"],
  ["core/config", "core/context"],
  ["core/operation"],
  ["core/progress", "core/consent", "core/transport", "core/artifacts", "core/distribution"],
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
];

/** The picture of ARCHITECTURE.md: a row for each layer, the highest first. */
export function picture() {
  return [...layers]
    .reverse()
    .map((row) => row.join(" · "))
    .join("\n");
}
