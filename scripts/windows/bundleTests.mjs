import { readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { forNode } from "../forNode.mjs";
import { root } from "../setup/paths.mjs";
import { windowsPath } from "./wine.mjs";

/** Programs that the core starts from its own folder, by their names there. */
const programs = {
  thread: "src/core/worker/thread.ts",
  awsThread: "src/core/clouds/amazon/awsThread.mjs",
  imageModule: "src/core/image/modules/moduleRunner.ts",
};

/**
 * Bundles the unit tests, one file each, because esbuild doesn't run under Wine. Packages are not included.
 *
 * @param {string} target folder for the bundles
 * @returns {Promise<string[]>} paths of the bundles
 */
export async function bundleTests(target) {
  const { build } = await import("esbuild");
  const tests = (await readdir(path.join(root, "test/unit"), { recursive: true }))
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => path.join(root, "test/unit", file));
  await rm(target, { recursive: true, force: true });
  /** @type {import("esbuild").BuildOptions} */
  const shared = {
    ...forNode,
    packages: "external",
    sourcemap: "inline",
    logLevel: "warning",
    plugins: [ownPlaces(target)],
  };
  await build({ ...shared, entryPoints: tests, outbase: root, outdir: target });
  const entryPoints = Object.entries(programs).map(([out, file]) => ({ out, in: path.join(root, file) }));
  // Tests copy the programs to folders without packages.
  await build({ ...shared, packages: "bundle", entryPoints, outdir: target });
  await build({
    ...shared,
    entryPoints: [path.join(root, "test/support/resultsReporter.ts")],
    outfile: path.join(target, "reporter.js"),
  });
  await build({
    ...shared,
    packages: "bundle",
    format: "esm",
    entryPoints: [path.join(root, "src/core/image/modules/moduleHooks.ts")],
    outfile: path.join(target, "imageModuleHooks.mjs"),
  });
  return tests.map((file) => path.join(target, path.relative(root, file).replace(/\.ts$/, ".js")));
}

/**
 * Lets a test find its fixtures in the folder of its source, and the core its programs in the folder of the bundles.
 *
 * @param {string} target
 * @returns {import("esbuild").Plugin}
 */
function ownPlaces(target) {
  return {
    name: "own-places",
    setup({ onLoad }) {
      onLoad({ filter: /[\\/](?:(?:src|test)[\\/].*\.ts|scripts[\\/].*\.mjs)$/ }, async ({ path: file }) => {
        const isCore = file.startsWith(path.join(root, "src"));
        const place = isCore ? path.join(target, "core.js") : file;
        const text = await readFile(file, "utf8");
        const contents = text
          .replaceAll(/\bimport\.meta\.dirname\b|\b__dirname\b/g, JSON.stringify(windowsPath(path.dirname(place))))
          .replaceAll(/\bimport\.meta\.filename\b|\b__filename\b/g, JSON.stringify(windowsPath(place)))
          .replaceAll(/\bimport\.meta\.url\b/g, JSON.stringify(`file:///Z:${place}`));
        return { contents, loader: file.endsWith(".ts") ? "ts" : "js" };
      });
    },
  };
}
