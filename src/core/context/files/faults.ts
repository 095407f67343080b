import { messageOf, type ImageBuilderError } from "../../base/errors";
import { shorten } from "../../text/shorten";
import { visible } from "../../text/visible";

/** Throws the first fault among entries, if there is one. */
export function throwFault(found: readonly { readonly fault?: ImageBuilderError }[] | undefined): void {
  const fault = found?.find((each) => each.fault)?.fault;
  if (fault) throw fault;
}

/** Maximum number of paths that a message names, and maximum length of each. */
const mostNamed = 5;
const longestPath = 200;

/** Collects skipped paths of a context for one line of the log. */
export class PassedOver {
  readonly #named: string[] = [];
  #count = 0;

  /** @param why reason in a few words, or the error that contains it */
  add(path: string, why: string | ImageBuilderError): void {
    if (++this.#count > mostNamed) return;
    const reason = typeof why === "string" ? why : reasonOf(why);
    this.#named.push(`"${shorten(visible(path), longestPath)}" (${shorten(visible(reason), longestPath)})`);
  }

  /** First few paths, each with its reason, and the number of the rest; undefined if no path was skipped. */
  get names(): string | undefined {
    if (this.#count === 0) return undefined;
    const others = this.#count - this.#named.length;
    return this.#named.join(", ") + (others > 0 ? ` and ${others.toLocaleString("en-US")} more` : "");
  }
}

function reasonOf({ cause, message }: ImageBuilderError): string {
  return cause === undefined ? message : shortReason(cause);
}

/** Returns the message of a system error without its code and system call. */
export function shortReason(error: unknown): string {
  const words = messageOf(error);
  return /^[A-Z][A-Z0-9]+: ([^,]+)/.exec(words)?.[1] ?? words;
}
