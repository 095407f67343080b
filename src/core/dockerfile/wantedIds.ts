import { fetchesContext } from "../base/contextSource";
import { isPartlyUnknown, unknownPart } from "./expandWord";
import { mountId, mountsIn } from "./mountOptions";
import { readDockerfile } from "./readDockerfile";
import type { StageOptions } from "./stages";
import { isForeignSyntax, syntaxOf } from "./syntax";

/** Ids of secrets and SSH agents that building a Dockerfile may request. */
export interface WantedIds {
  readonly secret: (id: string) => boolean;
  readonly ssh: (id: string) => boolean;
}

/**
 * Secrets that BuildKit requests if ADD fetches from a repository or a web server.
 *
 * @see https://docs.docker.com/build/building/secrets/
 */
const fetchSecret = /^(?:GIT|HTTP)_AUTH_(?:TOKEN|HEADER)(?:[._].+)?$/;

/**
 * Reads the ids of every mount, whether or not the build reaches it. If a variable hides an id, or a frontend other
 * than Docker's reads the file, every id may be requested.
 */
export function wantedIds(
  text: string,
  buildArgs: Readonly<Record<string, string>> = {},
  question: StageOptions = {},
): WantedIds {
  const readings = readDockerfile(text, { ...question, buildArgs });
  const ids = { secret: new Set<string>(), ssh: new Set<string>() };
  let everything =
    !readings || readings.some(({ isCutShort }) => isCutShort) || isForeignSyntax(syntaxOf(text, buildArgs));
  let fetches = fetchesContext(question.buildContexts);
  const stages = readings?.flatMap((reading) => reading.stages) ?? [];
  for (const { instruction, expand } of stages.flatMap(({ steps, replacedSteps, triggers }) => [
    ...steps,
    ...replacedSteps,
    ...triggers,
  ])) {
    if (instruction.keyword === "ADD") fetches ||= /:\/\/|\bgit@|\$|github\.com\//.test(instruction.content);
    if (instruction.keyword !== "RUN") continue;
    // Docker 20.10 requests an id as it is written.
    for (const mount of [...mountsIn(instruction.flags, expand), ...mountsIn(instruction.flags, (word) => word)]) {
      for (const type of ["secret", "ssh"] as const) {
        if (mount.type !== type && mount.type !== unknownPart) continue;
        const id = mountId(mount, type);
        if (isPartlyUnknown(id)) everything = true;
        else if (id !== "") ids[type].add(id);
      }
    }
  }
  return {
    secret: (id) => everything || ids.secret.has(id) || (fetches && fetchSecret.test(id)),
    ssh: (id) => everything || ids.ssh.has(id) || (fetches && id === "default"),
  };
}
