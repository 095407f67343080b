import assert from "node:assert/strict";
import { proposalsFor } from "../../../../src/core/context/propose/proposals";
import type { Setting } from "../lint/support";
import { stateOf } from "../overview/support";

const files = [
  "package.json=1",
  "src/app.ts=10",
  "src/lib/a[1].ts=20",
  "node_modules/x/i.js=100",
  "packages/p/node_modules/y.js=50",
  "#notes=5",
  "dist/app.js=7",
];

/** What is proposed at the end of the last line, which is `typed`. */
async function proposed(typed: string, setting: Setting = {}): Promise<Map<string, number>> {
  const text = `${setting.text ?? ""}${typed}\n`;
  const path = typed.replace(/^!/, "");
  const beginning = { line: text.split("\n").length - 1, isException: typed.startsWith("!"), typed: path };
  const proposals = await proposalsFor(stateOf({ files, ...setting, text }), beginning, new AbortController().signal);
  return new Map(proposals.map((each) => [each.text, each.bytes]));
}

describe("proposals for a line", () => {
  it("are the paths that are sent, with what that would stop sending", async () => {
    const found = await proposed("");
    assert.deepEqual(
      ["src", "dist", "node_modules", "[#]notes", "package.json"].map((path) => found.get(path)),
      [30, 7, 100, 5, 1],
    );
  });

  it("go on below a slash, escaped as patterns need it", async () => {
    assert.deepEqual(
      [...(await proposed("src/"))],
      [
        ["src/app.ts", 10],
        ["src/lib", 20],
      ],
    );
    assert.deepEqual([...(await proposed("/src/lib/"))], [["/src/lib/a\\[1\\].ts", 20]]);
    assert.deepEqual([...(await proposed("packages/*/"))], [["packages/*/node_modules", 50]]);
    assert.deepEqual([...(await proposed("gone/"))], []);
  });

  it("have the patterns of what the folder is, with all that each would stop sending", async () => {
    const found = await proposed("");
    assert.deepEqual(
      ["**/node_modules", "**/dist", "**/coverage", "**/__pycache__", "**/target"].map((pattern) => found.get(pattern)),
      [150, 7, 0, undefined, undefined],
    );
  });

  it("leave out what is excluded, but not by the line itself", async () => {
    const found = await proposed("", { text: "**/node_modules\ndist\n**/cov*\n" });
    assert.deepEqual(
      ["node_modules", "**/node_modules", "dist", "**/dist", "**/coverage"].filter((path) => found.has(path)),
      [],
    );
    assert.ok((await proposed("dist")).has("dist"));
    assert.ok((await proposed("**/node_modules")).has("**/node_modules"));
  });

  it("after an exclamation mark are what could be let back in, and no patterns", async () => {
    assert.deepEqual(
      [...(await proposed("!", { text: "src/lib\ndist\n" }))],
      [
        ["dist", 7],
        ["src", 20],
      ],
    );
    assert.deepEqual([...(await proposed("!src/", { text: "src/lib\n" }))], [["src/lib", 20]]);
  });
});
