import { messageOf, type ImageBuilderError } from "../../base/errors";
import { shorten } from "../../text/shorten";
import { visible } from "../../text/visible";

/** Throws the first fault of what was found. */
export function throwFault(found: readonly { readonly fault?: ImageBuilderError }[] | undefined): void {
  const fault = found?.find((each) => each.fault)?.fault;
  if (fault) throw fault;
}

/** How many paths a line names, and how long each may be. */
const mostNamed = 5;
const longestPath = 200;

/** Collects what of a context is passed over, for one line of a log. */
export class PassedOver {
  readonly #named: string[] = [];
  #count = 0;

  /** @param why the reason in a few words, or the error that tells it */
  add(path: string, why: string | ImageBuilderError): void {
    if (++this.#count > mostNamed) return;
    const reason = typeof why === "string" ? why : reasonOf(why);
    this.#named.push(`"${shorten(visible(path), longestPath)}" (${shorten(visible(reason), longestPath)})`);
  }

  /** Names the first few, each with its reason, and counts the others; undefined where nothing was passed over. */
  get names(): string | undefined {
    if (this.#count === 0) return undefined;
    const others = this.#count - this.#named.length;
    return this.#named.join(", ") + (others > 0 ? ` and ${others.toLocaleString("en-US")} more` : "");
  }
}

function reasonOf({ cause, message }: ImageBuilderError): string {
  return cause === undefined ? message : shortReason(cause);
}

/** What the system says of a failure, without its code and what was called. */
export function shortReason(error: unknown): string {
  const words = messageOf(error);
  return /^[A-Z][A-Z0-9]+: ([^,]+)/.exec(words)?.[1] ?? words;
}
