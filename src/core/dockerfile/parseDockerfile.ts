import { DockerfileParser, type Dockerfile } from "dockerfile-ast";

/** The longest Dockerfile whose instructions are read here, in characters. Builders take longer ones. */
export const longestDockerfile = 65_536;

/** Reads a Dockerfile's instructions; returns nothing for one that is too long, of which nothing is known then. */
export function parseDockerfile(text: string): Dockerfile | undefined {
  return text.length > longestDockerfile ? undefined : DockerfileParser.parse(text);
}
