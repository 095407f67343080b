import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { lint } from "../../../src/core/context/lint/lint";
import { silentLog } from "../../../src/core/base/log";
import { Linter } from "../../../src/vscode/context/ignoreFiles/linter";
import type { Linted } from "../../../src/vscode/context/model/ignoreModel";

/** A text as it is edited: linted as it is when a run begins, in as many steps as it is told to take. */
class EditedText {
  running = 0;
  most = 0;
  #text = "";
  #steps = 1;
  readonly #listeners = new Set<() => void>();
  readonly onDidChange = (listener: () => void): { dispose(): void } => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };

  write(text: string, steps: number): void {
    this.#text = text;
    this.#steps = steps;
    for (const listener of this.#listeners) listener();
  }

  async findings(signal: AbortSignal): Promise<Linted> {
    if (this.#text === "unreadable") throw new Error("It cannot be read.");
    this.most = Math.max(this.most, ++this.running);
    try {
      const hasMark = this.#text.startsWith("\ufeff");
      const findings = await lint(this.#text, { builder: "buildkit" });
      for (let left = this.#steps; left > 0; left--) {
        await delay(1);
        signal.throwIfAborted();
      }
      return { findings, hasMark };
    } finally {
      this.running--;
    }
  }
}

describe("a text that is linted while it is edited", () => {
  const textsIn = ({ findings }: Linted): string[] =>
    findings.map(({ message }) => /"(\.\.\/.*?)"/.exec(message)?.[1] ?? "");

  it("is never told of with the findings of an earlier one, and those of the last are told", async () => {
    const text = new EditedText();
    let current = "";
    const told: string[] = [];
    const linter = new Linter(
      text,
      (linted) => told.push(...textsIn(linted).map((each) => (each === current ? "current" : each))),
      silentLog,
    );
    for (let i = 0; i < 80; i++) {
      current = `../${i}`;
      text.write(current, (i * 7) % 40);
      if (i % 3 > 0) await delay((i * 13) % 60);
    }
    assert.deepEqual(textsIn((await linter.settled()) ?? assert.fail("nothing is told")), ["../79"]);
    assert.deepEqual([...new Set(told)], ["current"]);
    // One that is told to end may still be on its way there.
    assert.ok(text.most <= 2, `${text.most} ran at once`);
    linter.dispose();
  });

  it("is told of again once it can be read", async () => {
    const text = new EditedText();
    const warnings: string[] = [];
    const linter = new Linter(text, () => undefined, { ...silentLog, warn: (message) => void warnings.push(message) });
    text.write("unreadable", 1);
    assert.equal(await linter.settled(), undefined);
    assert.deepEqual(warnings, ["It cannot be read."]);
    text.write("../x", 1);
    assert.deepEqual(textsIn((await linter.settled()) ?? assert.fail("nothing is told")), ["../x"]);
    linter.dispose();
  });

  it("is left alone after the end", async () => {
    const text = new EditedText();
    const told: Linted[] = [];
    const linter = new Linter(text, (linted) => told.push(linted), silentLog);
    text.write("../x", 20);
    linter.dispose();
    text.write("../y", 1);
    assert.equal(await linter.settled(), undefined);
    assert.deepEqual(told, []);
  });
});
