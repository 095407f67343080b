import { foreignWords } from "../border/foreignWords";
import { parseJson } from "../border/parseJson";

const maxWords = 1_000;

/**
 * Returns the daemon's own words in the body of a refusal; empty where it has none for people, such as a proxy's page.
 *
 * It needs no schema library, which the thread that holds sessions does without.
 */
function refusalWords(body: string): string {
  const answer = parseJson(body);
  if (typeof answer === "object" && answer !== null) {
    const { message, error }: { readonly message?: unknown; readonly error?: unknown } = answer;
    return foreignWords([message, error].find((each) => typeof each === "string") ?? "", maxWords);
  }
  // What begins so is a page, or JSON that was cut off: nothing to read for anybody.
  return typeof answer === "string" || /^\s*[{[<]/.test(body) ? "" : foreignWords(body, maxWords);
}

/** Reports a daemon's refusal, with its own words and the status of its answer. */
export class DaemonRefusal extends Error {
  /** Whether the body is JSON, as a daemon's are and those of other servers seldom. */
  readonly isJson: boolean;

  constructor(
    readonly statusCode: number,
    body: string,
  ) {
    const words = refusalWords(body);
    super(words || `HTTP ${statusCode}, no reason given`);
    this.isJson = words !== "" && /^\s*\{/.test(body);
  }
}
