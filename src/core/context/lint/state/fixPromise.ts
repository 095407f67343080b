/** What a fix may change of what is sent: nothing but this. */
export interface FixPromise {
  /** The files that may no longer be sent; default is none. */
  readonly stops?: (path: string) => boolean;
  /** The files that may be sent from then on; default is none. */
  readonly starts?: (path: string) => boolean;
  /** The numbers of the lines that are meant to be taken back where the fix lets something in. */
  readonly undoes?: readonly number[];
  /** Paths that the finding names: secrets and clutter begin to be sent only if they are among them. */
  readonly names?: readonly string[];
}

/** For a fix after which the same is sent. */
export const sameIsSent: FixPromise = {};

/**
 * For a fix whose lines say by themselves what they do: they keep out, or let in, what they match and the old ones did
 * not.
 */
export const asWritten: FixPromise = { stops: () => true, starts: () => true };
