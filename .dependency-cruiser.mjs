import { layers } from "./scripts/check/layers.mjs";

const pathOf = (/** @type {readonly string[]} */ drawers) => `^src/(${drawers.join("|")})/`;

/** What is above a layer, which it must not import. */
const fromBelow = layers.slice(0, -1).map((row, level) => ({
  name: `below-${(layers[level + 1] ?? []).join("-and-").replaceAll("/", "-")}`,
  comment: `${row.join(", ")} import nothing of the layers above.`,
  severity: "error",
  from: { path: pathOf(row), pathNot: pathOf(layers.slice(level + 1).flat()) },
  to: { path: pathOf(layers.slice(level + 1).flat()), pathNot: pathOf(row) },
}));

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    { name: "no-cycle-of-files", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-cycle-of-folders",
      scope: "folder",
      severity: "error",
      from: { path: "^src/" },
      to: { circular: true },
    },
    {
      name: "core-without-vscode",
      severity: "error",
      from: { path: "^src/core/" },
      to: { path: "^(vscode$|src/vscode/)" },
    },
    ...fromBelow,
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    // Types count too: a cycle of types is a cycle for a reader.
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    includeOnly: { path: "^(src/|vscode$)" },
    exclude: { path: "^src/webview/tsconfig" },
  },
};
