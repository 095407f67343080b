import { nearestName } from "../core/base/nearestName";
import { version } from "../../package.json";
import type { Command } from "./command";
import { commands } from "./commands";
import { printLabeled, printResult } from "./console";
import { failureJson, failureReport, failureText } from "./failure";
import { commandHelp, programHelp } from "./help";
import { sharedOptions } from "./optionSpec";
import { ParsedArguments, usageError } from "./parsedArguments";

/** Exit codes that scripts can rely on. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, interrupted: 130, terminated: 143 } as const;

/**
 * Runs the program.
 *
 * @param args arguments without the program's own name
 * @param signal aborted by Ctrl+C or SIGTERM
 * @returns the exit code; never rejects
 */
export async function main(args: readonly string[], signal: AbortSignal): Promise<number> {
  const wantsJson = beforeEnd(args).includes("--json");
  let run;
  try {
    run = await prepare(args);
  } catch (error) {
    return fail(error, wantsJson, exitCodes.usage);
  }
  try {
    return await run(signal);
  } catch (error) {
    if (!signal.aborted) return fail(error, wantsJson, exitCodes.failed);
    process.stderr.write("Canceled.\n");
    return exitCodes.interrupted;
  }
}

async function prepare([name, ...rest]: readonly string[]): Promise<(signal: AbortSignal) => Promise<number>> {
  if (name === "--help" || name === "-h" || name === "help") return printing(helpOn(rest[0]));
  if (name === "--version" || name === "-V") return printing(`${version}\n`);
  const command = commandNamed(name);
  if (beforeEnd(rest).some((each) => each === "--help" || each === "-h")) return printing(commandHelp(command));
  return command.prepare(new ParsedArguments(rest, [...command.options, sharedOptions.help]));
}

function helpOn(name: string | undefined): string {
  return name === undefined || name.startsWith("-") ? programHelp(commands) : commandHelp(commandNamed(name));
}

function commandNamed(name: string | undefined): Command {
  const names = commands.map((each) => each.name);
  const known = `"${names.slice(0, -1).join('", "')}" or "${names.at(-1)}"`;
  if (name === undefined || name.startsWith("-"))
    throw usageError(`Specify a command: ${known}. Use "--help" for more information.`);
  const command = commands.find((each) => each.name === name);
  if (command) return command;
  const near = nearestName(name, names);
  throw usageError(
    `There is no command "${name}". ${near === undefined ? `Use ${known}.` : `Did you mean "${near}"?`}`,
  );
}

function printing(text: string): () => Promise<number> {
  return async () => {
    await printResult(text);
    return exitCodes.ok;
  };
}

async function fail(error: unknown, wantsJson: boolean, exitCode: number): Promise<number> {
  const report = failureReport(error);
  printLabeled("error", failureText(report));
  // If the output can't be written, that error has already been reported.
  if (wantsJson) await printResult(failureJson(report)).catch(() => undefined);
  return exitCode;
}

function beforeEnd(args: readonly string[]): readonly string[] {
  const end = args.indexOf("--");
  return end < 0 ? args : args.slice(0, end);
}
