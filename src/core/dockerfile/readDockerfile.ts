import { parseDockerfile } from "./parseDockerfile";
import { readStages, type StageOptions, type ReadStages } from "./stages";

/** Limit on the platforms for which a Dockerfile is read; if there are more, the platform counts as unknown. */
const mostPlatforms = 8;

/** Reads a Dockerfile once for each platform of the build; returns undefined if it is too long. */
export function readDockerfile(text: string, question: StageOptions = {}): ReadStages[] | undefined {
  const dockerfile = parseDockerfile(text);
  if (!dockerfile) return undefined;
  const platforms = [...new Set(question.platform?.split(",") ?? [])];
  const known = platforms.length > 0 && platforms.length <= mostPlatforms ? platforms : [undefined];
  return known.map((platform) => readStages(dockerfile, { ...question, platform }));
}
