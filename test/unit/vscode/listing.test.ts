import assert from "node:assert/strict";
import { Listing } from "../../../src/vscode/registries/browse/listing";
import { until } from "../../support/until";

type Page = readonly string[] | Error;

/** Pages that come when they are handed out. */
class Source {
  readonly signals: AbortSignal[] = [];
  #waiting: (page: Page | undefined) => void = () => undefined;
  changes = 0;
  readonly listing = new Listing<string>({
    load: (signal) => this.#load(signal),
    textOf: (row) => row,
    changed: () => void this.changes++,
  });

  /** Nothing ends it. */
  async hand(page?: Page): Promise<void> {
    this.#waiting(page);
    await new Promise((resolve) => setImmediate(resolve));
  }

  async *#load(signal: AbortSignal): AsyncGenerator<readonly string[]> {
    this.signals.push(signal);
    for (;;) {
      const page = await new Promise<Page | undefined>((resolve) => (this.#waiting = resolve));
      if (page === undefined) return;
      if (page instanceof Error) throw page;
      yield page;
    }
  }
}

describe("rows that are loaded when they are wanted", () => {
  it("are asked for once, and shown as they come", async () => {
    const source = new Source();
    const { listing } = source;
    assert.equal(source.signals.length, 0, "nobody wants them yet");
    listing.start();
    listing.start();
    assert.equal(listing.state.kind, "loading");
    await source.hand(["a"]);
    assert.deepEqual(listing.rows, ["a"]);
    await source.hand(["a", "b"]);
    await source.hand();
    assert.deepEqual([listing.rows, listing.state.kind, source.signals.length], [["a", "b"], "done", 1]);
  });

  it("stop coming when they are not wanted any more, whatever comes later, and are asked for again", async () => {
    const source = new Source();
    const { listing } = source;
    listing.start();
    await source.hand(["a"]);
    listing.cancel();
    assert.equal(source.signals[0]?.aborted, true);
    await source.hand(["late"]);
    assert.deepEqual([listing.rows, listing.state.kind], [["a"], "idle"]);
    listing.start();
    await until(() => source.signals.length === 2, "they are asked for again");
    await source.hand(["b"]);
    await source.hand();
    assert.deepEqual([listing.rows, listing.state.kind], [["b"], "done"]);
    listing.cancel();
    assert.equal(listing.state.kind, "done", "what has come stays");
  });

  it("keep what has come when the rest fails", async () => {
    const source = new Source();
    const { listing } = source;
    listing.start();
    await source.hand(["a"]);
    const error = new Error("cut off");
    await source.hand(error);
    assert.deepEqual([listing.rows, listing.state], [["a"], { kind: "failed", error }]);
    listing.start();
    assert.equal(source.signals.length, 1, "only a person tries again");
    listing.forget();
    assert.deepEqual([listing.rows, listing.state.kind], [[], "idle"]);
  });

  it("are narrowed by a part of the name, whatever its case, and shown in portions", async () => {
    const source = new Source();
    const { listing } = source;
    listing.start();
    await source.hand(Array.from({ length: 1000 }, (_, i) => `V1.${i}`));
    const before = listing.limit;
    assert.ok(before < 1000);
    listing.showMore();
    assert.ok(listing.limit > before);
    listing.setFilter("v1.99");
    assert.equal(listing.fitting.length, 11);
    assert.equal(listing.limit, before, "another list begins at its beginning");
    const { changes } = source;
    listing.setFilter("v1.99");
    assert.equal(source.changes, changes, "nothing has changed");
  });
});
