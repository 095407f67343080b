import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { build, context } from "esbuild";
import { withPackages } from "./scripts/forNode.mjs";
import { leaveOut } from "./scripts/leaveOut.mjs";
import { watchReport } from "./scripts/setup/watchReport.mjs";

const { values } = parseArgs({
  options: {
    production: { type: "boolean" },
    watch: { type: "boolean" },
    outdir: { type: "string", default: "dist" },
    /** Prints the path of every file in the bundles as JSON, without writing them. */
    "list-inputs": { type: "boolean" },
    /** Bundles only the command line. */
    cli: { type: "boolean" },
  },
});
const { production, watch, outdir, cli, "list-inputs": listsInputs = false } = values;

const inDist = (/** @type {string} */ name) => path.join(outdir, name);

/** @typedef {"core" | "extension-later"} Later */

/**
 * Keeps out of the extension's first bundle what it loads on first use, so that activation doesn't parse it: modules of
 * the core are in `core.js`, those of the VS Code layer in `extension-later.js`. One bundle each, because activation
 * would also wait for each of many small files.
 *
 * @param {(bundle: Later, module: string) => void} [found] receives the modules, and lets them into the bundle
 * @returns {import("esbuild").Plugin}
 */
function loadedLater(found) {
  return {
    name: "loaded-later",
    setup({ onResolve }) {
      onResolve({ filter: /^\./ }, ({ kind, path: module, resolveDir }) => {
        if (kind !== "dynamic-import") return undefined;
        const bundle = module.includes("/core/") ? "core" : "extension-later";
        found?.(bundle, path.resolve(resolveDir, module));
        return found && bundle !== "core" ? undefined : { path: `./${bundle}.js`, external: true };
      });
    },
  };
}

/**
 * Takes VS Code's API as one object from one module of ours: for `import *`, esbuild copies all properties of the API,
 * and the copies took a good part of the activation time.
 *
 * @type {import("esbuild").Plugin}
 */
const oneApi = {
  name: "one-api",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^vscode$/ }, (found) =>
      found.namespace === "one-api" ? { path: found.path, external: true } : { path: found.path, namespace: "one-api" },
    );
    onLoad({ filter: /.*/, namespace: "one-api" }, () => ({ contents: 'export default require("vscode");' }));
    onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path: file }) => {
      const contents = await readFile(file, "utf8");
      return { contents: contents.replace(/^import \* as vscode from/m, "import vscode from"), loader: "ts" };
    });
  },
};

/**
 * Creates the entries of the bundles that are loaded on first use, from all modules that belong to them.
 *
 * @type {import("esbuild").Plugin}
 */
const laterEntries = {
  name: "later-entries",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^later-entry:/ }, ({ path: entry }) => ({
      path: entry.replace("later-entry:", ""),
      namespace: "later-entry",
    }));
    onLoad({ filter: /.*/, namespace: "later-entry" }, async ({ path: bundle }) => {
      /** @type {Set<string>} */
      const modules = new Set();
      const options = {
        ...extension,
        entryPoints: ["src/extension.ts"],
        plugins: [loadedLater((of, module) => of === bundle && modules.add(module)), oneApi],
        write: false,
        metafile: true,
        logLevel: "silent",
      };
      const { metafile, errors } = await build(options).catch((failure) => failure);
      if (!metafile) return { errors, watchFiles: filesOf(errors) };
      const twice = await exportedTwice([...modules]);
      if (twice.length > 0)
        return { errors: [{ text: `${bundle}.js would lack ${twice.join(", ")}: exported twice.` }] };
      const contents = [...modules]
        .sort()
        .map((file) => `export * from ${JSON.stringify(file)};`)
        .join("\n");
      // A new import in any of these files can add a module.
      const watchFiles = Object.keys(metafile.inputs)
        .filter((file) => file.startsWith("src/"))
        .map((file) => path.resolve(file));
      return { contents, resolveDir: import.meta.dirname, watchFiles };
    });
  },
};

/**
 * Returns the names that more than one of the modules exports, which `export *` leaves out without a word.
 *
 * @param {readonly string[]} modules
 */
async function exportedTwice(modules) {
  const options = { bundle: false, splitting: false, plugins: [], external: undefined, alias: undefined };
  const entryPoints = modules.map((module) => `${module}.ts`);
  const { metafile } = await build({ ...extension, ...options, entryPoints, write: false, metafile: true });
  const names = Object.values(metafile.outputs).flatMap(({ exports }) => exports);
  return names.filter((name, i) => names.indexOf(name) !== i);
}

/** @param {readonly import("esbuild").Message[]} messages */
function filesOf(messages) {
  return messages.flatMap(({ location }) => (location ? [path.resolve(location.file)] : []));
}

/**
 * Writes the JSON Schema of image specs to a file, which editors read.
 *
 * @type {import("esbuild").Plugin}
 */
const specSchema = {
  name: "spec-schema",
  setup({ onEnd }) {
    onEnd(async ({ outputFiles: [module] = [] }) => {
      if (!module || listsInputs) return;
      const { specJsonSchema } = await import(
        `data:text/javascript;base64,${Buffer.from(module.contents).toString("base64")}`
      );
      mkdirSync(outdir, { recursive: true });
      writeFileSync(inDist("image.schema.json"), JSON.stringify(specJsonSchema()));
    });
  },
};

/**
 * Keeps Google's library out of the bundles: few people need it, and it is as large as the rest of the core.
 *
 * @type {import("esbuild").Plugin}
 */
const googleApart = {
  name: "google-apart",
  setup({ onResolve }) {
    onResolve({ filter: /\/googleAuth$/ }, ({ kind }) =>
      kind === "dynamic-import" ? { path: "./googleAuth.js", external: true } : undefined,
    );
  },
};

/**
 * Writes ES modules as CommonJS, which is what VS Code loads, and deletes the parts of previous builds.
 *
 * @type {import("esbuild").Plugin}
 */
const asCommonJs = {
  name: "as-common-js",
  setup({ onEnd }) {
    onEnd(async ({ outputFiles = [], errors }) => {
      if (listsInputs || errors.length > 0) return;
      const { target, platform, minify, logLevel } = shared;
      await Promise.all(
        outputFiles.map(({ path: outfile, text: contents }) =>
          build({
            stdin: { contents, sourcefile: outfile },
            outfile,
            format: "cjs",
            target,
            platform,
            minify,
            logLevel,
            sourcemap: shared.sourcemap,
          }),
        ),
      );
      const written = new Set(outputFiles.map((file) => path.basename(file.path)));
      for (const name of readdirSync(outdir))
        if (/^extension-\w+\.js/.test(name) && !written.has(name.replace(/\.map$/, "")))
          rmSync(inDist(name), { force: true });
    });
  },
};

/** @type {import("esbuild").BuildOptions} */
const shared = {
  ...withPackages,
  minify: production,
  sourcemap: production ? false : "linked",
  metafile: true,
  write: !listsInputs,
  logLevel: watch ? "silent" : "warning",
};

/** @type {import("esbuild").BuildOptions} */
const extension = {
  ...shared,
  entryPoints: { extension: "src/extension.ts", "extension-later": "later-entry:extension-later" },
  outdir,
  // What the two bundles share is in a file of its own, which takes two steps: only ES modules can be split.
  splitting: true,
  format: "esm",
  chunkNames: "extension-[hash]",
  sourcemap: production ? false : "inline",
  write: false,
};

/** @type {import("esbuild").BuildOptions} */
const webviewPage = { ...shared, platform: "browser", target: "chrome132", format: "iife" };

/** @type {import("esbuild").BuildOptions[]} */
const commandLine = [
  { ...shared, entryPoints: ["src/cli/cli.ts"], outfile: inDist("cli.js"), plugins: [googleApart, leaveOut] },
  { ...shared, entryPoints: ["src/core/worker/thread.ts"], outfile: inDist("thread.js"), plugins: [leaveOut] },
  // AWS's own library, in the thread that answers a single request.
  { ...shared, entryPoints: ["src/core/clouds/amazon/awsThread.mjs"], outfile: inDist("awsThread.js") },
  {
    ...shared,
    entryPoints: ["src/core/clouds/google/googleAuth.ts"],
    outfile: inDist("googleAuth.js"),
    plugins: [leaveOut],
  },
];

/** @type {import("esbuild").BuildOptions[]} */
const all = [
  ...commandLine,
  { ...extension, plugins: [laterEntries, loadedLater(), oneApi, asCommonJs] },
  {
    ...shared,
    entryPoints: { core: "later-entry:core" },
    outdir,
    plugins: [laterEntries, googleApart, leaveOut],
  },
  // Programs that run image modules in a separate process, resolve their imports, and remove their types.
  { ...shared, entryPoints: ["src/core/image/modules/moduleRunner.ts"], outfile: inDist("imageModule.js") },
  {
    ...shared,
    format: "esm",
    entryPoints: ["src/core/image/modules/moduleHooks.ts"],
    outfile: inDist("imageModuleHooks.mjs"),
  },
  { ...webviewPage, entryPoints: ["src/webview/treemap.ts"], outfile: inDist("treemap.js") },
  { ...webviewPage, entryPoints: ["src/webview/report/report.ts"], outfile: inDist("report.js") },
  {
    ...shared,
    format: "esm",
    sourcemap: false,
    write: false,
    entryPoints: ["src/core/image/spec/specJsonSchema.ts"],
    plugins: [specSchema],
  },
];

const bundles = cli ? commandLine : all;

if (watch) {
  const report = watchReport();
  const contexts = await Promise.all(
    bundles.map((options) => context({ ...options, plugins: [...(options.plugins ?? []), report] })),
  );
  await Promise.all(contexts.map((each) => each.watch()));
} else {
  const made = await Promise.all(bundles.map((options) => build(options)));
  const isBundle = (/** @type {string} */ file) =>
    /\.m?js$/.test(file) && path.dirname(file) === path.normalize(outdir);
  const outputs = made
    .flatMap(({ metafile }) => Object.entries(metafile?.outputs ?? {}))
    .filter(([file]) => isBundle(file));
  if (listsInputs)
    console.log(JSON.stringify([...new Set(outputs.flatMap(([, { inputs }]) => Object.keys(inputs)))].sort()));
  else for (const [file, { bytes }] of outputs) console.log(`${file} ${Math.round(bytes / 1024)} KiB`);
}
