import assert from "node:assert/strict";

/** Waits until something holds; fails with its description when it does not in time. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  timeoutMs = 200_000,
): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!(await condition())) {
    assert.ok(performance.now() < end, `in ${timeoutMs} ms not: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
