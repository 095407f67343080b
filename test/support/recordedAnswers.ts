import { readFileSync } from "node:fs";

/** A real answer as it was recorded by `recordAnswers.ts`. */
export interface RecordedAnswer {
  /** The method and the path that were asked; of a stream `build`, `push` or `pull` with a number. */
  readonly name: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Real answers of a daemon or of registries. */
export function recordedAnswers(of: "daemon" | "registry"): RecordedAnswer[] {
  return JSON.parse(readFileSync(`test/fixtures/answers/${of}.json`, "utf8")) as RecordedAnswer[];
}
