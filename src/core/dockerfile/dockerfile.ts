import { parseDockerfile } from "./parseDockerfile";
import { stageName } from "./stages";

/** Choices of a person who builds a Dockerfile. */
export interface DockerfileOutline {
  /** Possible values of `target`, in the file's order; stages without a name are not included. */
  readonly stages: readonly string[];
  readonly args: readonly DockerfileArg[];
}

/** Build argument that a Dockerfile declares. */
export interface DockerfileArg {
  readonly name: string;
  readonly defaultValue?: string;
}

/**
 * Reads the stages and arguments of a Dockerfile. Skips invalid instructions; returns empty lists for a Dockerfile that
 * is too long.
 */
export function outlineDockerfile(text: string): DockerfileOutline {
  const instructions = parseDockerfile(text)?.instructions ?? [];
  const stages = instructions.filter(({ keyword }) => keyword === "FROM").map(stageName);
  const args = new Map<string, DockerfileArg>();
  for (const { name, value } of instructions.flatMap((instruction) =>
    instruction.keyword === "ARG" ? instruction.declarations : [],
  )) {
    // A stage may declare a global ARG again by its name alone; the default is in the first declaration.
    if (args.get(name)?.defaultValue === undefined) args.set(name, { name, defaultValue: value && unquoted(value) });
  }
  return { stages: [...new Set(stages.filter((name) => name !== undefined))], args: [...args.values()] };
}

function unquoted(value: string): string {
  return value.replace(/^(["'])(.*)\1$/s, "$2");
}
