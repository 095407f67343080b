import { spawn } from "node:child_process";
import path from "node:path";
import { ensurePackages } from "../setup/debian.mjs";
import { failed } from "./outcome.mjs";

/** Ensures that docker-py is installed for Debian's Python. */
export async function ensureDockerPy() {
  await ensurePackages(
    { "python3-docker": "/usr/lib/python3/dist-packages/docker/utils/build.py" },
    "The comparison with docker-py",
  );
}

/**
 * Runs docker-py itself with the patterns that ZenML reads.
 *
 * @type {import("./compare.mjs").Truth}
 */
export async function dockerPyTruth(cases) {
  const python = spawn("/usr/bin/python3", [path.join(import.meta.dirname, "dockerPy.py")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  python.stdin.end(JSON.stringify(cases));
  let output = "";
  for await (const chunk of python.stdout.setEncoding("utf8")) output += chunk;
  const answers = /** @type {{ included?: string[], error?: string }[]} */ (JSON.parse(output));
  return answers.map(({ included, error }) =>
    error === undefined ? { included: (included ?? []).sort(), emptied: [] } : failed(error),
  );
}
