import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import manifest from "../../../package.json";

const source = join(__dirname, "../../../src");

describe("the commands that buttons and rows run", () => {
  it("are ones that there are", () => {
    const known = new Set(manifest.contributes.commands.map(({ command }) => command));
    const run = readdirSync(source, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .flatMap((file) => [
        ...readFileSync(join(source, file), "utf8").matchAll(/executeCommand[^("]*\("(imageBuilders\.\w+)"/g),
      ])
      .map(([, command = ""]) => command);
    assert.ok(run.length > 10, String(run.length));
    assert.deepEqual(
      run.filter((command) => !known.has(command)),
      [],
    );
  });
});
