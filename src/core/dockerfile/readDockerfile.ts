import { parseDockerfile } from "./parseDockerfile";
import { readStages, type BuildQuestion, type ReadStages } from "./stages";

/** For how many platforms a Dockerfile is read; the platform counts as unknown where there are more. */
const mostPlatforms = 8;

/** Reads a Dockerfile once for each platform that it is built for; undefined for one that is too long. */
export function readDockerfile(text: string, question: BuildQuestion = {}): ReadStages[] | undefined {
  const dockerfile = parseDockerfile(text);
  if (!dockerfile) return undefined;
  const platforms = [...new Set(question.platform?.split(",") ?? [])];
  const known = platforms.length > 0 && platforms.length <= mostPlatforms ? platforms : [undefined];
  return known.map((platform) => readStages(dockerfile, { ...question, platform }));
}
