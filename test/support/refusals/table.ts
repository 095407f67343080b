import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Way } from "./row";

/** What is said of one refusal. */
export interface Line {
  /** The sentences a person sees, by way; `works` where nothing is refused. */
  readonly told: Readonly<Partial<Record<Way, string>>>;
  /** What Docker's own daemon says of it. */
  readonly docker: Readonly<Partial<Record<"push" | "pull", string>>>;
}

const file = join(__dirname, "../../fixtures/refusals/table.json");

/**
 * The table of refusals with the sentences that a person sees and Docker's own words beside them. With
 * `UPDATE_FIXTURES=1` it is written again: review the diff.
 */
export class RefusalTable {
  readonly #lines: Record<string, Line>;

  constructor() {
    this.#lines = JSON.parse(readFileSync(file, "utf8")) as Record<string, Line>;
  }

  /** The refusals that it lists, in order. */
  get names(): string[] {
    return Object.keys(this.#lines);
  }

  line(what: string): Line {
    return this.#lines[what] ?? { told: {}, docker: {} };
  }

  /** Keeps what was said, if the fixture is to be written again. */
  keep(what: string, more: Partial<Line>): void {
    const { told, docker } = this.line(what);
    this.#lines[what] = { told: { ...told, ...more.told }, docker: { ...docker, ...more.docker } };
  }

  /** @param order the rows' names; others are dropped */
  write(order: readonly string[]): void {
    const lines = order.map((what) => [what, this.line(what)] as const);
    writeFileSync(file, `${JSON.stringify(Object.fromEntries(lines), undefined, 2)}\n`);
  }
}

/** The same words for any port and folder. */
export function withoutAddress(words: string, address: string): string {
  return words.replaceAll(address, "registry.test").replace(/(?<=\b127\.0\.0\.1:)\d+/g, "…");
}
