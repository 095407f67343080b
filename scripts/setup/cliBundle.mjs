import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { buildOnce } from "./buildOnce.mjs";
import { root } from "./paths.mjs";
import { readState, writeState } from "./stateFile.mjs";

/** Separate from the output of `npm run build`, so that neither overwrites the other while it is running. */
const folder = "dist/.cli";

/** Bundle that `bundleCli` creates. */
export const cliFile = path.join(root, folder, "cli.js");

const from = [
  "src/cli",
  "src/core",
  "package.json",
  "package-lock.json",
  "esbuild.mjs",
  "scripts/forNode.mjs",
  "scripts/leaveOut.mjs",
];
const lookFile = path.join(root, "dist/.built/cli-look.json");

/** Bundles the command line, unless it was bundled from the same files. Prints nothing to stdout. */
export async function bundleCli() {
  const look = { files: lookOf(from), bundle: lookOf([folder]) };
  // Reading all files takes longer than most commands.
  if (JSON.stringify(await readState(lookFile, {})) === JSON.stringify(look)) return;
  await buildOnce(
    "cli",
    { from, to: ["cli", "thread", "awsThread", "googleAuth"].map((name) => `${folder}/${name}.js`) },
    async () => {
      const { run } = await import("./steps.mjs");
      await run(process.execPath, ["esbuild.mjs", "--cli", "--outdir", folder], { cwd: root, log: "bundle-cli" });
    },
  );
  // If several processes write at the same time, one success is enough.
  await writeState(lookFile, { files: look.files, bundle: lookOf([folder]) }).catch(() => {});
}

/**
 * Returns a hash that changes when a file is created, deleted, or written.
 *
 * @param {readonly string[]} places
 */
function lookOf(places) {
  const hash = createHash("sha256");
  for (const file of places.flatMap(filesBelow)) {
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats) hash.update(`${file}\0${stats.size}\0${stats.mtimeMs}\0`);
  }
  return hash.digest("hex");
}

/** @param {string} place */
function filesBelow(place) {
  const at = path.join(root, place);
  const stats = statSync(at, { throwIfNoEntry: false });
  if (!stats?.isDirectory()) return [at];
  return readdirSync(at, { recursive: true, encoding: "utf8" })
    .sort()
    .map((name) => path.join(at, name));
}
