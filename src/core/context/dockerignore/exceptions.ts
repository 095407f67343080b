import type { ContextBuilder, IgnorePattern } from "./parseIgnoreFile";

/** The exceptions of a list, which tell a builder into which excluded directories it has to look. */
export class Exceptions {
  readonly #texts: readonly string[];
  readonly #lookEverywhere: boolean;

  constructor(patterns: readonly IgnorePattern[], builder: ContextBuilder) {
    const texts = patterns.filter(({ exception }) => exception).map(({ text }) => text);
    this.#texts = builder === "classic" ? texts : texts.map(withoutTrailingGlob);
    this.#lookEverywhere = builder === "buildkit" && this.#texts.some((text) => /[*[\]?^\\]/.test(text));
  }

  /** Whether there is no directory that the builder would skip. */
  get lookEverywhere(): boolean {
    return this.#lookEverywhere;
  }

  /** Whether the builder does not look into an excluded directory, given by its path with a trailing slash. */
  skips(prefix: string): boolean {
    return !this.#lookEverywhere && !this.#texts.some((text) => `${text}/`.startsWith(prefix));
  }
}

function withoutTrailingGlob(text: string): string {
  return text.replace(/\/\*\*$/, "").replace(/\/\*$/, "");
}
