import type { OptionSpec } from "./optionSpec";
import type { ParsedArguments } from "./parsedArguments";

/** Runs a command that was read. Resolves with the exit code. */
export type Run = (signal: AbortSignal) => Promise<number>;

/** A command of the program. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** What follows the command in its usage line. */
  readonly operands: string;
  readonly options: readonly OptionSpec[];
  /** Paragraphs below the options. */
  readonly notes?: readonly string[];
  /**
   * Checks the arguments and loads what does the work.
   *
   * @throws ImageBuilderError `optionInvalid` for arguments that cannot be run
   */
  prepare(args: ParsedArguments): Promise<Run>;
}
