import assert from "node:assert/strict";
import { overBudget } from "../support/workTime";

const budgetMs = 50;

/** Sees that work takes no longer than its budget. */
export function assertQuick(work: () => unknown, withinMs = budgetMs): void {
  assert.equal(overBudget(work, withinMs), undefined);
}

/** A text that says the same of each number. */
export function each(count: number, say: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => say(i)).join("");
}
