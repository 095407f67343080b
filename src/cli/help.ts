import type { Command } from "./command";
import type { OptionSpec } from "./optionSpec";

const program = "image-builders";

/** Returns the help of the program, with all commands. */
export function programHelp(commands: readonly Command[]): string {
  const rows = commands.map(({ name, summary }) => [name, summary] as const);
  return (
    [
      `Usage: ${program} COMMAND [OPTIONS]`,
      "Inspects build contexts, checks ignore files and Dockerfiles, and builds and pushes images.",
      `Commands:\n${table(rows)}`,
      `Options:\n${table([
        ["--help", "Show this help"],
        ["--version", "Show the version"],
      ])}`,
      `Run "${program} COMMAND --help" for more information on a command.`,
      "",
    ]
      .join("\n\n")
      .trimEnd() + "\n"
  );
}

/** Returns the help of a command, with its options. */
export function commandHelp({ name, operands, summary, options, notes = [] }: Command): string {
  const rows = options.map((option) => [flagsOf(option), option.help] as const);
  return (
    [`Usage: ${program} ${name} ${operands} [OPTIONS]`, `${summary}.`, `Options:\n${table(rows)}`, ...notes].join(
      "\n\n",
    ) + "\n"
  );
}

function flagsOf({ name, short, value }: OptionSpec): string {
  return `${short === undefined ? "" : `-${short}, `}--${name}${value === undefined ? "" : ` ${value}`}`;
}

function table(rows: readonly (readonly [left: string, right: string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}
