import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { root } from "../setup/paths.mjs";
import { noticesOf, packagesOf, problemsOf } from "./packages.mjs";

// Checks the licenses of exactly the packages in the bundles. With --write, also writes the notices of the packaged
// extension.

const { write, outdir } = parseArgs({
  options: { write: { type: "boolean" }, outdir: { type: "string", default: path.join(root, "dist") } },
}).values;
const noticesFile = path.join(outdir, "ThirdPartyNotices.txt");

const inputs = execFileSync(process.execPath, ["esbuild.mjs", "--list-inputs"], { cwd: root, encoding: "utf8" });
const packages = packagesOf(
  /** @type {string[]} */ (JSON.parse(inputs)).map((file) => path.resolve(root, file).replaceAll(path.sep, "/")),
);
const problems = packages.flatMap(problemsOf);
for (const problem of problems) console.error(problem);
if (packages.length === 0) console.error("The bundles hold no package, so the list of their files cannot be right.");

if (problems.length > 0 || packages.length === 0) {
  process.exitCode = 1;
} else if (write) {
  mkdirSync(path.dirname(noticesFile), { recursive: true });
  writeFileSync(noticesFile, noticesOf(packages));
} else {
  console.log(`licenses: ${packages.length} bundled packages, all allowed`);
}
