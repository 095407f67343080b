import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { root } from "../setup/paths.mjs";

// Checks that the code for BuildKit's messages is up to date with its .proto files. `npm run proto` generates it.

const folder = "src/core/transport/proto";
const { write, folder: checked } = parseArgs({
  options: { write: { type: "boolean" }, folder: { type: "string", default: path.join(root, folder) } },
}).values;

/** @param {string} outdir root below which the files are written to the same folders as in the repository */
function generate(outdir) {
  const buf = path.join(root, "node_modules/@bufbuild/buf/bin/buf");
  execFileSync(process.execPath, [buf, "generate", "--output", outdir], { cwd: root, stdio: "inherit" });
}

/**
 * @param {string} from @returns {ReadonlyMap<string, string>} texts of the generated files, by path relative to `from`
 */
function generatedIn(from) {
  const names = readdirSync(from, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".pb.ts"));
  return new Map(names.map((name) => [name, readFileSync(path.join(from, name), "utf8").replaceAll("\r\n", "\n")]));
}

if (write) {
  generate(root);
} else {
  const fresh = mkdtempSync(path.join(os.tmpdir(), "image-builders-proto-"));
  try {
    generate(fresh);
    const [wanted, found] = [generatedIn(path.join(fresh, folder)), generatedIn(checked)];
    const names = [...new Set([...wanted.keys(), ...found.keys()])].filter(
      (name) => wanted.get(name) !== found.get(name),
    );
    for (const name of names)
      console.error(`${name} differs from what its .proto file generates. Run "npm run proto".`);
    if (names.length > 0) process.exitCode = 1;
    else console.log(`protocol buffers: ${found.size} generated files, all up to date`);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
