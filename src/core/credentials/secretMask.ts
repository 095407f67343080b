import { ImageBuilderError } from "../base/errors";
import { ImageRefusal } from "../base/imageRefusal";
import { encodedForms } from "./encodedForms";

const stars = "***";

/** Limit on all forms: a secret that is a whole file has many. */
const maxForms = 4000;
/** Number of forms of each secret that are searched for even beyond that limit: more than a password has. */
const ownForms = 100;

/** Masks secrets in texts, in every form of `encodedForms`. Keeps them only in memory. */
export class SecretMask {
  readonly #forms = new Set<string>();
  #sorted: readonly string[] = [];
  #firstCharacters: ReadonlySet<string> = new Set();

  constructor(secrets: readonly (string | Uint8Array)[] = []) {
    for (const secret of secrets) this.add(secret);
  }

  add(secret: string | Uint8Array): void {
    const before = this.#forms.size;
    for (const form of encodedForms(secret).slice(0, Math.max(maxForms - before, ownForms))) this.#forms.add(form);
    // Longest first; otherwise, masking a part of a form would leave its rest.
    if (this.#forms.size === before) return;
    this.#sorted = [...this.#forms].sort((a, b) => b.length - a.length);
    this.#firstCharacters = new Set(this.#sorted.map((form) => form.charAt(0)));
  }

  hide(text: string): string {
    let hidden = text;
    for (const form of this.#sorted)
      if (form.length <= hidden.length && hidden.includes(form)) hidden = hidden.replaceAll(form, stars);
    return hidden;
  }

  /**
   * Returns how many characters of a text can be shown before its continuation arrives: its end may be the beginning of
   * a secret.
   */
  shownLength(text: string): number {
    let cut = this.#safeCut(text, 0);
    for (let whole = this.#endAcross(text, cut); whole !== undefined; whole = this.#endAcross(text, cut))
      cut = this.#safeCut(text, whole);
    return cut;
  }

  /**
   * Returns the first position from `from` on at which the text ends within a form; the text's length if there is none.
   * Forms contain no line breaks.
   */
  #safeCut(text: string, from: number): number {
    const longest = this.#sorted[0]?.length ?? 0;
    for (
      let start = Math.max(from, text.lastIndexOf("\n") + 1, text.length - longest + 1);
      start < text.length;
      start++
    ) {
      if (!this.#firstCharacters.has(text.charAt(start))) continue;
      const end = text.slice(start);
      if (this.#sorted.some((form) => form.length > end.length && form.startsWith(end))) return start;
    }
    return text.length;
  }

  /** Returns the end of a complete form that a cut would split; undefined if there is none. */
  #endAcross(text: string, cut: number): number | undefined {
    if (cut === text.length) return undefined;
    for (const form of this.#sorted) {
      const start = text.indexOf(form, Math.max(0, cut - form.length + 1));
      if (start >= 0 && start < cut && start + form.length > cut) return start + form.length;
    }
    return undefined;
  }

  /** Returns an error of ours without secrets. */
  withoutSecrets(error: unknown): unknown {
    if (!ImageBuilderError.is(error)) return error;
    const isQuoted = textsOf(error).some((text) => this.hide(text) !== text);
    return isQuoted ? this.#hidden(error) : error;
  }

  /** The same with those causes only that say what can be done; others may hold the secret in any field. */
  #hidden({ code, message, location, cause }: ImageBuilderError): ImageBuilderError {
    const kept =
      cause instanceof ImageRefusal
        ? new ImageRefusal(this.hide(cause.imageName), this.hide(cause.message))
        : ImageBuilderError.is(cause)
          ? this.#hidden(cause)
          : undefined;
    return new ImageBuilderError(code, this.hide(message), { location, ...(kept && { cause: kept }) });
  }
}

function textsOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)];
  const others: unknown[] = error instanceof AggregateError ? error.errors : [];
  return [error.message, ...[...others, ...(error.cause === undefined ? [] : [error.cause])].flatMap(textsOf)];
}
