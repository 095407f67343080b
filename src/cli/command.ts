import type { OptionSpec } from "./optionSpec";
import type { ParsedArguments } from "./parsedArguments";

/** Runs a prepared command. Resolves with the exit code. */
export type Run = (signal: AbortSignal) => Promise<number>;

/** Command of the command line. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** Positional arguments in the usage line. */
  readonly operands: string;
  readonly options: readonly OptionSpec[];
  /** Paragraphs after the options in the help. */
  readonly notes?: readonly string[];
  /**
   * Checks the arguments and loads the implementation.
   *
   * @throws ImageBuilderError `optionInvalid` for invalid arguments
   */
  prepare(args: ParsedArguments): Promise<Run>;
}
