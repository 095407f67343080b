import { unknownPart } from "./expandWord";
import type { LineRange } from "./locateFailure";
import { mountId, mountsIn } from "./mountOptions";
import { reachedStages } from "./reachedStages";
import { readDockerfile } from "./readDockerfile";
import type { BuildQuestion } from "./stages";

/** Something that a RUN of a Dockerfile wants from whoever builds it. */
export interface Mount extends LineRange {
  readonly type: "secret" | "ssh";
  readonly id: string;
  /** Whether the RUN fails without it. */
  readonly required: boolean;
}

/** What decides which RUNs are reached, and with which variables. */
export type MountQuestion = BuildQuestion;

/**
 * The secrets and SSH agents that building a Dockerfile asks for, stage by stage. Left out are those whose id depends
 * on what the Dockerfile does not tell, and all of one that is too long to be read.
 *
 * @see https://docs.docker.com/reference/dockerfile/#run---mounttypesecret
 */
export function mountsOf(text: string, question: MountQuestion = {}): Mount[] {
  const found = new Map<string, Mount>();
  for (const { stages } of readDockerfile(text, question) ?? []) {
    for (const { steps } of reachedStages(stages, question.target)) {
      for (const { instruction, expand } of steps) {
        if (instruction.keyword !== "RUN") continue;
        for (const mount of mountsIn(instruction.flags, expand)) {
          const { type, isRequired, flag } = mount;
          if (type !== "secret" && type !== "ssh") continue;
          const id = mountId(mount, type);
          if (id === "" || id.includes(unknownPart)) continue;
          const { line, endLine, column } = flag.range;
          found.set(JSON.stringify([line, column, id]), { type, id, required: isRequired, line, endLine });
        }
      }
    }
  }
  return [...found.values()].sort((a, b) => a.line - b.line);
}
