import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { layers, picture } from "../../scripts/check/layers.mjs";

describe("the layers", () => {
  it("are drawn in ARCHITECTURE.md as they are checked", () => {
    assert.ok(readFileSync("ARCHITECTURE.md", "utf8").includes(`\`\`\`text\n${picture()}\n\`\`\``));
  });

  it("name each folder of the source once, and no other", () => {
    const named = layers.flat();
    const folders = ["core", "vscode"].flatMap((part) =>
      readdirSync(`src/${part}`, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => `${part}/${name}`),
    );
    assert.deepEqual([...named].sort(), ["api", "cli", "webview", ...folders].sort());
    assert.deepEqual(
      named.filter((folder) => !existsSync(`src/${folder}`)),
      [],
    );
  });
});
