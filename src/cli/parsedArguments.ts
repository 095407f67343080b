import { parseArgs } from "node:util";
import { ImageBuilderError } from "../core/base/errors";
import { nearestName } from "../core/base/nearestName";
import type { OptionSpec } from "./optionSpec";

/** Parsed arguments of a command. */
export class ParsedArguments {
  readonly positionals: readonly string[];
  readonly #values: ReadonlyMap<string, readonly string[]>;

  /**
   * Parses arguments.
   *
   * @throws ImageBuilderError `optionInvalid` for an unknown option, a missing value, and a value for a flag
   */
  constructor(args: readonly string[], specs: readonly OptionSpec[]) {
    const options = Object.fromEntries(
      specs.map(({ name, short, value }) => [
        name,
        {
          type: value === undefined ? ("boolean" as const) : ("string" as const),
          multiple: true,
          ...(short && { short }),
        },
      ]),
    );
    const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true });
    const values = new Map<string, string[]>();
    const positionals: string[] = [];
    for (const token of tokens) {
      if (token.kind === "positional") positionals.push(token.value);
      if (token.kind !== "option") continue;
      const spec = specs.find(({ name }) => name === token.name);
      if (!spec) throw unknownOption(token.rawName, specs);
      values.set(spec.name, [...(values.get(spec.name) ?? []), valueOf(spec, token)]);
    }
    this.positionals = positionals;
    this.#values = values;
  }

  has({ name }: OptionSpec): boolean {
    return this.#values.has(name);
  }

  /** Returns the last value of an option; undefined if it was not given. */
  value({ name }: OptionSpec): string | undefined {
    return this.#values.get(name)?.at(-1);
  }

  values({ name }: OptionSpec): readonly string[] {
    return this.#values.get(name) ?? [];
  }
}

/** Creates the error for an invalid command line. */
export function usageError(message: string): ImageBuilderError {
  return new ImageBuilderError("optionInvalid", message);
}

interface OptionToken {
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function valueOf({ value: isWanted }: OptionSpec, { rawName, value, inlineValue }: OptionToken): string {
  if (isWanted === undefined) {
    if (value === undefined) return "";
    throw usageError(`"${rawName}" doesn't take a value. Remove "=${value}".`);
  }
  // A short option may be followed by an equal sign.
  if (inlineValue && !rawName.startsWith("--") && value?.startsWith("=")) return value.slice(1);
  if (value === undefined || value === "")
    throw usageError(`"${rawName}" requires a value. Use "${rawName} ${isWanted}".`);
  if (!inlineValue && value.startsWith("--"))
    throw usageError(
      `"${rawName}" requires a value but is followed by "${value}". If that is the value, use "${rawName}=${value}".`,
    );
  return value;
}

function unknownOption(rawName: string, specs: readonly OptionSpec[]): ImageBuilderError {
  const near = nearestName(
    rawName.replace(/^-+/, ""),
    specs.map(({ name }) => name),
  );
  const hint = near === undefined ? `Use "--help" to list the options.` : `Did you mean "--${near}"?`;
  return usageError(`There is no option "${rawName}". ${hint}`);
}
