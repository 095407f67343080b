import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { forNode } from "../forNode.mjs";
import { buildOnce } from "./buildOnce.mjs";
import { root } from "./paths.mjs";
import { run } from "./steps.mjs";

/** Packaged extension that `packageExtension` creates. */
export const vsixFile = path.join(root, "dist/image-builders.vsix");

/** Package of another extension, which contributes a flavor; created by `packageSampleExtension`. */
export const sampleVsixFile = path.join(root, "dist/monorepo-builder.vsix");

/** Module that `bundleHostTests` creates, for `extensionTestsPath`. */
export const hostTestsFile = path.join(root, "dist/test/host/index.js");

const sources = ["src", "package-lock.json"];
const bundler = ["esbuild.mjs", "scripts/forNode.mjs", "scripts/leaveOut.mjs"];
const packager = [
  "scripts/package.mjs",
  "scripts/setup/package.mjs",
  "scripts/setup/shippedFiles.mjs",
  ".vscodeignore",
];
const texts = ["package.json", "package.nls.json", "l10n", "media", "README.md", "CHANGELOG.md", "LICENSE"];

/** Bundles the extension for development. */
export async function bundleExtension() {
  const files = {
    from: [...sources, ...bundler],
    to: [
      "dist/extension.js",
      "dist/core.js",
      "dist/thread.js",
      "dist/awsThread.js",
      "dist/googleAuth.js",
      "dist/report.js",
      "dist/treemap.js",
      "dist/image.schema.json",
    ],
  };
  await buildOnce(
    "extension",
    files,
    async () => void (await run(process.execPath, ["esbuild.mjs"], { cwd: root, log: "bundle" })),
  );
}

/** Packages the extension as it is published. */
export async function packageExtension() {
  const files = { from: [...sources, ...bundler, ...packager, ...texts], to: [path.relative(root, vsixFile)] };
  await buildOnce(
    "package",
    files,
    async () => void (await run(process.execPath, ["scripts/package.mjs"], { cwd: root, log: "package" })),
  );
}

/** Packages the sample extension, which contributes a flavor. */
export async function packageSampleExtension() {
  const cwd = path.join(root, "samples/custom-flavor");
  const pages = "https://github.com/image-builders/image-builders/blob/main/samples/custom-flavor";
  const args = [
    "vsce",
    "package",
    "--allow-missing-repository",
    "--skip-license",
    "--no-dependencies",
    "--baseContentUrl",
    pages,
    "--out",
    sampleVsixFile,
  ];
  const files = { from: [path.relative(root, cwd)], to: [path.relative(root, sampleVsixFile)] };
  await buildOnce("sample", files, async () => void (await run("npx", args, { cwd, log: "package" })));
}

/** Bundles each file of the host suite. Packages are not included, so that all files share one mocha. */
export async function bundleHostTests() {
  const files = { from: [...sources, "test", "scripts"], to: [path.relative(root, hostTestsFile)] };
  await buildOnce("host-tests", files, writeHostTests);
}

async function writeHostTests() {
  const { build } = await import("esbuild");
  const folder = path.join(root, "test/host");
  const tests = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith(".test.ts"));
  const outdir = path.dirname(hostTestsFile);
  await rm(outdir, { recursive: true, force: true });
  await build({
    entryPoints: ["index.ts", ...tests].map((file) => path.join(folder, file)),
    outbase: folder,
    outdir,
    ...forNode,
    packages: "external",
    sourcemap: "inline",
    logLevel: "warning",
  });
}
