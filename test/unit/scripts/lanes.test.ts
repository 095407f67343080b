import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { TestBed } from "../../../scripts/engines/testBed.mjs";
import { root } from "../../../scripts/setup/paths.mjs";
import { Lane } from "../../../scripts/test/lane.mjs";

const needs = {};

describe("a test lane", function () {
  this.timeout(120_000);
  let folder: string;
  let lane: Lane;
  let printed: string;

  // Test files find mocha and our own modules only from inside the repository.
  before(() => (folder = mkdtempSync(join(root, "test-results-"))));
  after(() => rmSync(folder, { recursive: true }));
  beforeEach(() => {
    lane = new Lane(99);
    printed = "";
  });
  afterEach(() => lane.end());

  async function run(name: string, text: string, limitMinutes = 5) {
    writeFileSync(join(folder, name), text);
    return lane.runFile("unit", relative(root, join(folder, name)), {
      needs,
      limitMinutes,
      write: (chunk) => void (printed += String(chunk)),
    });
  }

  it("runs files in one process, which has a folder for temporary files of its own", async () => {
    const text = 'import { tmpdir } from "node:os";\nit("tells", () => console.log(`<${process.pid} ${tmpdir()}>`));\n';
    const [first, second] = [await run("a.test.ts", text), await run("b.test.ts", text)];
    assert.deepEqual(
      [first, second].map(({ passed, failed }) => [passed.length, failed.length]),
      [
        [1, 0],
        [1, 0],
      ],
    );
    const told = [...printed.matchAll(/<(\d+) (.*)>/g)];
    assert.equal(told.length, 2);
    assert.equal(told[0]?.[0], told[1]?.[0]);
    assert.match(told[0]?.[2] ?? "", /ib-lane-99-/);
  });

  it("counts a file that ends its process, or does not load, as a failure and goes on", async () => {
    assert.equal((await run("ends.test.ts", 'it("ends all", () => process.exit(0));\n')).failed.length, 1);
    assert.equal((await run("next.test.ts", 'it("runs", () => {});\n')).passed.length, 1);
    assert.equal((await run("wrong.test.ts", "it(\n")).failed.length, 1);
    assert.match(printed, /wrong\.test\.ts/);
    assert.equal((await run("last.test.ts", 'it("runs", () => {});\n')).passed.length, 1);
  });

  it("ends a file that takes too long, after the hooks that end what it has started", async () => {
    const text =
      'after(() => console.log("cleaned up"));\nit("hangs", () => new Promise(() => setInterval(() => 0, 1000)));\n';
    const { failed } = await run("hangs.test.ts", text, 2 / 60);
    assert.equal(failed.length, 1);
    assert.match(printed, /did not end within/);
    assert.match(printed, /cleaned up/);
  });

  it("has a test bed that no other lane has", () => {
    const beds = [
      new TestBed(),
      new TestBed({ lane: 1 }),
      new TestBed({ lane: 2 }),
      new TestBed({ lane: 2, release: "28" }),
    ];
    assert.deepEqual(
      beds.map(({ name }) => name),
      ["installed", "installed", "installed-lane-2", "28-lane-2"],
    );
    assert.equal(new Set(beds.map(({ engine }) => engine.socket)).size, 3);
  });
});

describe("a suite whose programs are missing", () => {
  it("fails with the command that installs them, where this program may not", () => {
    const script = `process.getuid = () => 1000;
      const { ensurePackages } = await import("./scripts/setup/debian.mjs");
      const { runMain } = await import("./scripts/setup/setUpError.mjs");
      const wanted = { "docker-registry": "no-such-program", bash: "sh" };
      await runMain(() => ensurePackages(wanted, "The registry of the tests"));`;
    const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
      cwd: root,
      encoding: "utf8",
    });
    assert.equal(status, 1);
    assert.equal(
      stderr.trim(),
      "The registry of the tests needs what this machine lacks: docker-registry.\n" +
        "On Debian or Ubuntu: sudo apt-get install -y --no-install-recommends docker-registry",
    );
  });
});
