/** Error about something that this machine lacks. The message says how to get it, so it is printed without a stack. */
export class SetUpError extends Error {
  /** @override */
  name = "SetUpError";
}

/**
 * Runs a program's main function. A failure ends the program with exit code 1 and its message.
 *
 * @param {() => Promise<number | void>} main returns the exit code, default is 0
 */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    console.error(error instanceof SetUpError ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}
