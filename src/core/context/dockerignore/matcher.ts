/** State of a matcher after a piece of text; pass it to `run` to continue. */
export interface Place {
  /** Whether the text so far matches. */
  readonly accepts: boolean;
  /** Whether no further text can lead to a match. */
  readonly dead: boolean;
}

/** Matcher for text that can be passed in pieces. */
export interface Matcher {
  readonly start: Place;
  /** Relative cost of matching one character. */
  readonly size: number;
  /** Returns the state after `text`, starting from `from`, which must be a state of this matcher. */
  run(from: Place, text: string): Place;
  /** Whether the text matches when followed by `name`, which contains no slash. */
  acceptsName(from: Place, name: string): boolean;
  /** Clears the cache. */
  forget(): void;
}
