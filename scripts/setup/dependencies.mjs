import { statSync } from "node:fs";
import path from "node:path";
import { root } from "./paths.mjs";
import { SetUpError } from "./setUpError.mjs";
import { run, say } from "./steps.mjs";

/** Installs the packages of package-lock.json, unless they are newer than it. */
export async function ensureDependencies() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 18)) {
    throw new SetUpError(
      `Node ${process.versions.node} is too old: install Node 20.18 or newer, for example from https://nodejs.org.`,
    );
  }
  const age = (/** @type {string} */ file) => statSync(path.join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (age("node_modules/.package-lock.json") >= age("package-lock.json")) return;
  await run("npm", ["ci"], { cwd: root, log: "npm-ci" });
  say("installed the packages of package-lock.json");
}
