/**
 * What all bundles that Node runs have in common, those of tests too.
 *
 * @satisfies {import("esbuild").BuildOptions}
 */
export const forNode = /** @type {const} */ ({
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  external: ["vscode"],
});

/** The same for bundles that hold their packages. @satisfies {import("esbuild").BuildOptions} */
export const withPackages = {
  ...forNode,
  // The main file of jsonc-parser asks for its parts in a way that no bundler follows.
  alias: { "jsonc-parser": "jsonc-parser/lib/esm/main.js" },
};
