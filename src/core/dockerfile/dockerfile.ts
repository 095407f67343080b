import { parseDockerfile } from "./parseDockerfile";
import { stageName } from "./stages";

/** What a person may choose when building a Dockerfile. */
export interface DockerfileOutline {
  /** The names that `target` may have, in the file's order; stages without a name cannot be meant by one. */
  readonly stages: readonly string[];
  readonly args: readonly DockerfileArg[];
}

/** A build argument that a Dockerfile declares. */
export interface DockerfileArg {
  readonly name: string;
  readonly defaultValue?: string;
}

/**
 * Reads stages and arguments out of a Dockerfile's text; what is broken in it is passed over, as is one that is too
 * long.
 */
export function outlineDockerfile(text: string): DockerfileOutline {
  const instructions = parseDockerfile(text)?.instructions ?? [];
  const stages = instructions.filter(({ keyword }) => keyword === "FROM").map(stageName);
  const args = new Map<string, DockerfileArg>();
  for (const { name, value } of instructions.flatMap((instruction) =>
    instruction.keyword === "ARG" ? instruction.declarations : [],
  )) {
    // A stage repeats a global ARG by its name alone; the default stands where it was declared first.
    if (args.get(name)?.defaultValue === undefined) args.set(name, { name, defaultValue: value && unquoted(value) });
  }
  return { stages: [...new Set(stages.filter((name) => name !== undefined))], args: [...args.values()] };
}

function unquoted(value: string): string {
  return value.replace(/^(["'])(.*)\1$/s, "$2");
}
