import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { root } from "./paths.mjs";
import { shippedFiles } from "./shippedFiles.mjs";
import { run } from "./steps.mjs";

/**
 * Writes the packaged extension as it is published, from a folder that contains nothing else. `dist` keeps the bundles
 * for development.
 *
 * @param {string} target path of a `.vsix` file
 */
export async function writePackage(target) {
  const { createVSIX } = await import("@vscode/vsce");
  const folder = await mkdtemp(path.join(os.tmpdir(), "image-builders-package-"));
  const staged = path.join(folder, "extension");
  const bundles = path.join(folder, "dist");
  try {
    await run(process.execPath, ["esbuild.mjs", "--production", "--outdir", bundles], { cwd: root, log: "package" });
    await run(process.execPath, ["scripts/check/licences.mjs", "--write", "--outdir", bundles], {
      cwd: root,
      log: "package",
    });
    await stage(staged, bundles);
    await mkdir(path.dirname(target), { recursive: true });
    await createVSIX({ cwd: staged, packagePath: target, dependencies: false });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Copies exactly the shipped files to a folder.
 *
 * @param {string} folder
 * @param {string} bundles
 */
async function stage(folder, bundles) {
  for (const [name, file] of await shippedFiles(bundles)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await copyFile(file, path.join(folder, name));
  }
  // vsce requires this file, although nothing is excluded here.
  await copyFile(path.join(root, ".vscodeignore"), path.join(folder, ".vscodeignore"));
  // The bundles exist, so vsce must not run the script that builds them.
  const manifest = JSON.parse(await readFile(path.join(root, "package.json"), "utf8"));
  delete manifest.scripts;
  // The command line is not part of the extension.
  delete manifest.bin;
  delete manifest.devDependencies;
  await writeFile(path.join(folder, "package.json"), JSON.stringify(manifest, undefined, 2));
}
