import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { build } from "esbuild";
import { leaveOut } from "./scripts/leaveOut.mjs";

const production = process.argv.includes("--production");
/** Writes nothing and prints the path of every file that is part of the bundles, as JSON. */
const listsInputs = process.argv.includes("--list-inputs");

/** The modules of the core that the VS Code side loads on first use; they make up a file of their own, so that activation need not parse it. */
const loadedLater = new Set();

/** @type {import("esbuild").Plugin} */
const coreApart = {
  name: "core-apart",
  setup({ onResolve }) {
    onResolve({ filter: /\/core\// }, ({ kind, path, resolveDir }) => {
      if (kind !== "dynamic-import") return undefined;
      loadedLater.add(resolve(resolveDir, path));
      return { path: "./core.js", external: true };
    });
  },
};

/**
 * VS Code's API by one module of ours: esbuild copies a CommonJS module's properties for each file that imports it, and a hundred copies of
 * the whole API took most of the activation.
 *
 * @type {import("esbuild").Plugin}
 */
const oneApi = {
  name: "one-api",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^vscode$/ }, ({ path, namespace }) => (namespace === "one-api" ? { path, external: true } : { path, namespace: "one-api" }));
    onLoad({ filter: /.*/, namespace: "one-api" }, () => ({ contents: 'export * from "vscode";' }));
  },
};

/** @type {import("esbuild").BuildOptions} */
const shared = {
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  external: ["vscode"],
  minify: production,
  sourcemap: production ? false : "linked",
  metafile: true,
  write: !listsInputs,
  logLevel: "warning",
};

const extension = await build({ ...shared, entryPoints: ["src/extension.ts"], outfile: "dist/extension.js", plugins: [coreApart, oneApi] });
const exportsOfCore = [...loadedLater].sort().map((file) => `export * from ${JSON.stringify(file)};`);
// Its main file asks for its parts in a way that no bundler follows.
const alias = { "jsonc-parser": "jsonc-parser/lib/esm/main.js" };
const core = await build({ ...shared, alias, stdin: { contents: exportsOfCore.join("\n"), resolveDir: import.meta.dirname }, outfile: "dist/core.js", plugins: [leaveOut] });
const thread = await build({ ...shared, entryPoints: ["src/core/thread/thread.ts"], outfile: "dist/thread.js", plugins: [leaveOut] });
// What runs image modules in a process of its own, and what finds their imports and takes their types out there.
const imageModule = await build({ ...shared, entryPoints: ["src/core/image/modules/moduleRunner.ts"], outfile: "dist/imageModule.js" });
const hooks = await build({ ...shared, format: "esm", entryPoints: ["src/core/image/modules/moduleHooks.ts"], outfile: "dist/imageModuleHooks.mjs" });
if (!listsInputs) await writeSpecSchema();
/** @type {import("esbuild").BuildOptions} */
const page = { ...shared, platform: "browser", target: "chrome132", format: "iife", entryPoints: ["src/webview/treemap.ts"], outfile: "dist/treemap.js" };
const treemap = await build(page);
const outputs = [extension, core, thread, imageModule, hooks, treemap].flatMap(({ metafile }) => Object.entries(metafile.outputs));
const scripts = outputs.filter(([file]) => /\.m?js$/.test(file));
if (listsInputs) console.log(JSON.stringify([...new Set(scripts.flatMap(([, { inputs }]) => Object.keys(inputs)))].sort()));
else for (const [file, { bytes }] of scripts) console.log(`${file} ${Math.round(bytes / 1024)} KiB`);

/** Writes the JSON Schema of image specs, which editors read from a file. */
async function writeSpecSchema() {
  const { outputFiles } = await build({ ...shared, format: "esm", sourcemap: false, write: false, entryPoints: ["src/core/image/spec/specJsonSchema.ts"] });
  const { specJsonSchema } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
  writeFileSync("dist/image.schema.json", JSON.stringify(specJsonSchema()));
}
