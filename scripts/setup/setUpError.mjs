/** Something this machine lacks: the message names it and says how to get it, so it is printed without a stack. */
export class SetUpError extends Error {
  /** @override */
  name = "SetUpError";
}

/**
 * Runs a program's main function; a failure ends it with exit code 1 and a message a person can act on.
 *
 * @param {() => Promise<number | void>} main returns the exit code, 0 by default
 */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    console.error(error instanceof SetUpError ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}
