import assert from "node:assert/strict";
import { Schedule } from "../../../scripts/test/schedule.mjs";

const job = (suite: string, name: string, expectedMs: number) => ({ suite, name, expectedMs });
type Job = ReturnType<typeof job>;

/** Lets lanes take jobs as they become free, and tells who ran what until when. */
function runOn(laneCount: number, jobs: readonly Job[]): { readonly order: readonly string[]; readonly endMs: number } {
  const schedule = new Schedule(jobs);
  const freeAt = Array.from({ length: laneCount }, () => 0);
  const order: string[] = [];
  for (;;) {
    const lane = freeAt.indexOf(Math.min(...freeAt));
    const next = schedule.next(lane);
    if (!next) break;
    order.push(`${lane} ${next.name}`);
    freeAt[lane] = (freeAt[lane] ?? 0) + next.expectedMs;
  }
  return { order, endMs: Math.max(...freeAt) };
}

describe("the schedule of test lanes", () => {
  it("gives out the longest job of a suite first", () => {
    const { order } = runOn(1, [job("ui", "short", 1), job("ui", "long", 9), job("ui", "middle", 5)]);
    assert.deepEqual(order, ["0 long", "0 middle", "0 short"]);
  });

  it("sends lanes to the suites that would last longest", () => {
    const jobs = [
      job("unit", "unit", 90),
      job("host", "host", 300),
      ...Array.from({ length: 12 }, (_, i) => job("ui", `ui ${i}`, 60)),
      ...Array.from({ length: 36 }, (_, i) => job("integration", `integration ${i}`, 20)),
    ];
    const { order, endMs } = runOn(3, jobs);
    assert.deepEqual(
      order.slice(0, 3).map((each) => each.split(" ")[1]),
      ["ui", "integration", "integration"],
    );
    const total = jobs.reduce((sum, { expectedMs }) => sum + expectedMs, 0);
    assert.ok(endMs < (total / 3) * 1.2, `${endMs} ms of at best ${total / 3}`);
  });

  it("keeps a lane on its suite while there is more of it", () => {
    const schedule = new Schedule([
      job("ui", "a", 10),
      job("ui", "b", 1),
      job("integration", "c", 9),
      job("integration", "d", 8),
    ]);
    assert.deepEqual(
      ["x", "y", "x", "y"].map((lane) => schedule.next(lane)?.name),
      ["c", "a", "d", "b"],
    );
  });

  it("passes over a suite that is not ready, and forgets one that cannot run", () => {
    const schedule = new Schedule([job("ui", "a", 10), job("unit", "b", 1)]);
    assert.equal(schedule.next("x", (suite) => suite !== "ui")?.name, "b");
    assert.equal(
      schedule.next("x", (suite) => suite !== "ui"),
      undefined,
    );
    assert.equal(schedule.size, 1);
    schedule.drop("ui");
    assert.equal(schedule.next("x"), undefined);
    assert.equal(schedule.size, 0);
  });

  it("gives out every job once, on any number of lanes", () => {
    const jobs = Array.from({ length: 50 }, (_, i) =>
      job(["ui", "unit", "host"][i % 3] ?? "", `job ${i}`, (i * 37) % 11),
    );
    for (const lanes of [1, 2, 3, 7]) {
      const { order } = runOn(lanes, jobs);
      assert.deepEqual(order.map((each) => each.slice(2)).sort(), jobs.map(({ name }) => name).sort());
    }
  });
});
