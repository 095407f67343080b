import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { CommandTrail } from "../../../src/vscode/platform/commandTrail";

async function run(
  ...args: readonly string[]
): Promise<{ readonly said: readonly string[]; readonly exitCode: number | null }> {
  const child = spawn(process.execPath, ["--import", "./scripts/tsx.mjs", "test/support/escaped/process.ts", ...args], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [output, exitCode] = await Promise.all([
    text(child.stdout),
    new Promise<number | null>((resolve) => child.once("close", resolve)),
  ]);
  return { said: output.trim().split("\n").filter(Boolean), exitCode };
}

describe("an error that nobody handles", function () {
  this.timeout(60_000);

  const rows: readonly (readonly [what: string, args: readonly string[], said: readonly string[], exitCode: number])[] =
    [
      [
        "is logged with the command that ran, and the host gets it all the same: a rejection",
        ["hosted", "rejection", "own"],
        ["host rejection Error: escaped", "guard Error: escaped after buildImage", "lives on with 1 listeners"],
        0,
      ],
      [
        "is logged with the command that ran, and the host gets it all the same: an exception",
        ["hosted", "exception", "own"],
        ["guard Error: escaped after buildImage", "host exception Error: escaped", "lives on with 1 listeners"],
        0,
      ],
      [
        "is left to the host alone when it is another extension's: a rejection",
        ["hosted", "rejection", "other"],
        ["host rejection Error: escaped", "lives on with 1 listeners"],
        0,
      ],
      [
        "is left to the host alone when it is another extension's: an exception",
        ["hosted", "exception", "other"],
        ["host exception Error: escaped", "lives on with 1 listeners"],
        0,
      ],
      [
        "is not logged when somebody handles it a little later",
        ["hosted", "handled", "own"],
        ["host rejection Error: escaped", "caught", "lives on with 1 listeners"],
        0,
      ],
      [
        "ends a process that has no listeners, as it would without us: a rejection",
        ["alone", "rejection", "own"],
        ["guard Error: escaped after buildImage"],
        1,
      ],
      [
        "ends a process that has no listeners, as it would without us: an exception",
        ["alone", "exception", "own"],
        ["guard Error: escaped after buildImage"],
        1,
      ],
      ["ends such a process unlogged when it is another's", ["alone", "rejection", "other"], [], 1],
    ];
  for (const [what, args, said, exitCode] of rows) {
    it(what, async () => {
      const outcome = await run(...args);
      // An exception that a listener throws has an exit code of its own.
      assert.deepEqual({ ...outcome, exitCode: outcome.exitCode === 0 ? 0 : 1 }, { said, exitCode });
    });
  }
});

describe("the trail of commands", () => {
  it("has those that run, else the last one", async () => {
    const trail = new CommandTrail();
    assert.deepEqual(trail.names, []);
    const ends: (() => void)[] = [];
    const running = ["a", "b", "a"].map((name) =>
      trail.follow(name, () => new Promise<void>((resolve) => ends.push(resolve))),
    );
    assert.deepEqual(trail.names, ["a", "b"]);
    for (const end of ends) end();
    await Promise.all(running);
    assert.deepEqual(trail.names, ["a"]);
    await assert.rejects(
      trail.follow("c", () => Promise.reject(new Error("no"))),
      /no/,
    );
    assert.deepEqual(trail.names, ["c"]);
  });
});
