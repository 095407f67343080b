import assert from "node:assert/strict";
import type { Upload } from "../../src/core/context/review/upload";
import { silentLog } from "../../src/core/base/log";
import type { Operation } from "../../src/core/operation/operation";
import { QuestionClock } from "../../src/core/operation/questionClock";
import type { SourceRequest } from "../../src/core/base/sourceConsent";

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const request: SourceRequest = {
  source: { kind: "builds" },
  destination: { kind: "daemon", address: "tcp://a" },
  requestedBy: { kind: "setting", name: "x" },
};

/** What a job's questions took by the clock, and by this one. */
async function measured(
  more: Partial<Operation>,
  job: (operation: Operation) => Promise<unknown>,
): Promise<{ readonly waitedMs: number; readonly tookMs: number }> {
  const clock = new QuestionClock();
  const operation = clock.measure({
    log: silentLog,
    signal: new AbortController().signal,
    report: () => undefined,
    ...more,
  });
  const startedAt = performance.now();
  await job(operation);
  return { waitedMs: clock.waitedMs, tookMs: performance.now() - startedAt };
}

describe("the time that a job waits for answers", () => {
  const upload = { review: () => pause(300) } as unknown as Upload;

  it("is that of its questions, and not that of looking at what is sent", async () => {
    let answeredMs = 0;
    const { waitedMs, tookMs } = await measured(
      {
        confirmUpload: async ({ review }) => {
          await review({});
          const startedAt = performance.now();
          await pause(200);
          answeredMs = performance.now() - startedAt;
        },
      },
      async (operation) => operation.confirmUpload?.(upload),
    );
    assert.ok(waitedMs >= answeredMs - 1, `${waitedMs} of ${answeredMs}`);
    assert.ok(tookMs - waitedMs >= 299, `${tookMs - waitedMs} ms of work`);
  });

  it("counts once for questions that are open at the same time, also for one that is refused", async () => {
    const { waitedMs, tookMs } = await measured(
      {
        consent: {
          confirm: async () => {
            await pause(100);
            throw new Error("no");
          },
        },
      },
      (operation) => Promise.allSettled([operation.consent?.confirm(request), operation.consent?.confirm(request)]),
    );
    assert.ok(waitedMs >= 99 && waitedMs <= tookMs, `${waitedMs} of ${tookMs}`);
  });

  it("is none where nobody is asked", async () => {
    const { waitedMs } = await measured({}, async (operation) => {
      assert.equal(operation.confirmUpload, undefined);
      assert.equal(operation.consent, undefined);
      await pause(20);
    });
    assert.equal(waitedMs, 0);
  });
});
