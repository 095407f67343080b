import type { ContextBuilder, IgnorePattern } from "./parseIgnoreFile";

/** Exceptions of a list, which determine the excluded directories that a builder looks into. */
export class Exceptions {
  readonly #texts: readonly string[];
  readonly #lookEverywhere: boolean;

  constructor(patterns: readonly IgnorePattern[], builder: ContextBuilder) {
    const texts = patterns.filter(({ exception }) => exception).map(({ text }) => text);
    this.#texts = builder === "classic" ? texts : texts.map(withoutTrailingGlob);
    this.#lookEverywhere = builder === "buildkit" && this.#texts.some((text) => /[*[\]?^\\]/.test(text));
  }

  /** Whether the builder looks into every excluded directory. */
  get lookEverywhere(): boolean {
    return this.#lookEverywhere;
  }

  /** Whether the builder skips an excluded directory; `prefix` is the directory's path with a trailing slash. */
  skips(prefix: string): boolean {
    return !this.#lookEverywhere && !this.#texts.some((text) => `${text}/`.startsWith(prefix));
  }
}

function withoutTrailingGlob(text: string): string {
  return text.replace(/\/\*\*$/, "").replace(/\/\*$/, "");
}
