import { foreignWords } from "../border/foreignWords";
import { parseJson } from "../border/parseJson";

const maxWords = 1_000;

/**
 * Returns the daemon's own words in the body of a refusal; empty if it has none for people, as in a proxy's page.
 *
 * Uses no schema library, because the thread that holds sessions doesn't load one.
 */
function refusalWords(body: string): string {
  const answer = parseJson(body);
  if (typeof answer === "object" && answer !== null) {
    const { message, error }: { readonly message?: unknown; readonly error?: unknown } = answer;
    return foreignWords([message, error].find((each) => typeof each === "string") ?? "", maxWords);
  }
  // A body that begins like this is a page, or truncated JSON, and not readable.
  return typeof answer === "string" || /^\s*[{[<]/.test(body) ? "" : foreignWords(body, maxWords);
}

/** Refusal of a daemon, with its own words and the status of its response. */
export class DaemonRefusal extends Error {
  /** Whether the body is a JSON object, as a daemon's is; other servers rarely send one. */
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
