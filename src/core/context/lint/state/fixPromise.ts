/** Limits of what a fix may change in what is sent. */
export interface FixPromise {
  /** Whether a file may stop being sent; default is no file. */
  readonly stops?: (path: string) => boolean;
  /** Whether a file may start being sent; default is no file. */
  readonly starts?: (path: string) => boolean;
  /** Numbers of the lines that the fix is meant to override when it includes something. */
  readonly undoes?: readonly number[];
  /** Paths that the finding names; other secrets and clutter must not start being sent. */
  readonly names?: readonly string[];
}

/** Promise of a fix that doesn't change what is sent. */
export const sameIsSent: FixPromise = {};

/**
 * Promise of a fix whose lines speak for themselves: they exclude or include what they match and the old lines did not.
 */
export const asWritten: FixPromise = { stops: () => true, starts: () => true };
