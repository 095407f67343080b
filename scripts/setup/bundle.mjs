import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { root } from "./paths.mjs";
import { run } from "./steps.mjs";

/** The packaged extension that `packageExtension` makes. */
export const vsixFile = path.join(root, "dist/image-builders.vsix");

/** Another extension, which brings a flavor; `packageSampleExtension` makes it. */
export const sampleVsixFile = path.join(root, "dist/monorepo-builder.vsix");

/** The module that `bundleHostTests` makes, for `extensionTestsPath`. */
export const hostTestsFile = path.join(root, "dist/test/host/index.js");

/** Bundles the extension as it is under development. */
export async function bundleExtension() {
  await run(process.execPath, ["esbuild.mjs"], { cwd: root, log: "bundle" });
}

/** Packages the extension as users get it. */
export async function packageExtension() {
  await run("npm", ["run", "package"], { cwd: root, log: "package" });
}

/** Packages the sample of an extension that brings a flavor. */
export async function packageSampleExtension() {
  const args = ["vsce", "package", "--allow-missing-repository", "--skip-license", "--no-dependencies", "--baseContentUrl", "https://github.com/image-builders/image-builders/blob/main/samples/custom-flavor", "--out", sampleVsixFile];
  await run("npx", args, { cwd: path.join(root, "samples/custom-flavor"), log: "package" });
}

/** Bundles each file of the host suite; packages stay outside, so that all files share one mocha. */
export async function bundleHostTests() {
  const { build } = await import("esbuild");
  const folder = path.join(root, "test/host");
  const tests = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith(".test.ts"));
  const outdir = path.dirname(hostTestsFile);
  await rm(outdir, { recursive: true, force: true });
  await build({
    entryPoints: ["index.ts", ...tests].map((file) => path.join(folder, file)),
    outbase: folder,
    outdir,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    packages: "external",
    external: ["vscode"],
    sourcemap: "inline",
    logLevel: "warning",
  });
}
