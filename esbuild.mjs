import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
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

/**
 * Keeps the core out of the bundle: modules that the VS Code layer loads on first use are in `core.js`, so that
 * activation doesn't parse them.
 *
 * @param {Set<string>} loadedLater receives those modules
 * @returns {import("esbuild").Plugin}
 */
function coreApart(loadedLater) {
  return {
    name: "core-apart",
    setup({ onResolve }) {
      onResolve({ filter: /\/core\// }, ({ kind, path: module, resolveDir }) => {
        if (kind !== "dynamic-import") return undefined;
        loadedLater.add(path.resolve(resolveDir, module));
        return { path: "./core.js", external: true };
      });
    },
  };
}

/**
 * Imports VS Code's API through one module of ours: esbuild copies the properties of a CommonJS module for each file
 * that imports it, and a hundred copies of the API took most of the activation time.
 *
 * @type {import("esbuild").Plugin}
 */
const oneApi = {
  name: "one-api",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^vscode$/ }, (found) =>
      found.namespace === "one-api" ? { path: found.path, external: true } : { path: found.path, namespace: "one-api" },
    );
    onLoad({ filter: /.*/, namespace: "one-api" }, () => ({ contents: 'export * from "vscode";' }));
  },
};

/**
 * Creates the entry of `core.js`: all modules of the core that the VS Code layer loads on first use.
 *
 * @type {import("esbuild").Plugin}
 */
const coreEntry = {
  name: "core-entry",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^core-entry$/ }, () => ({ path: "core", namespace: "core-entry" }));
    onLoad({ filter: /.*/, namespace: "core-entry" }, async () => {
      const loadedLater = new Set();
      const options = {
        ...extension,
        plugins: [coreApart(loadedLater), oneApi],
        write: false,
        metafile: true,
        logLevel: "silent",
      };
      const { metafile, errors } = await build(options).catch((failure) => failure);
      if (!metafile) return { errors, watchFiles: filesOf(errors) };
      const contents = [...loadedLater]
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
  entryPoints: ["src/extension.ts"],
  outdir,
  // Parts that activation doesn't need are in files of their own, which takes two steps: only ES modules can be split.
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
  { ...extension, plugins: [coreApart(new Set()), oneApi, asCommonJs] },
  { ...shared, entryPoints: { core: "core-entry" }, outdir, plugins: [coreEntry, googleApart, leaveOut] },
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
