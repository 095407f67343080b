import { unknownPart } from "./expandWord";
import type { LineRange } from "./locateStep";
import { mountId, mountsIn } from "./mountOptions";
import { reachedStages } from "./reachedStages";
import { readDockerfile } from "./readDockerfile";
import type { StageOptions } from "./stages";

/** Secret or SSH agent that a RUN of a Dockerfile requests. */
export interface Mount extends LineRange {
  readonly type: "secret" | "ssh";
  readonly id: string;
  /** Whether the RUN fails without it. */
  readonly required: boolean;
}

/**
 * Returns the secrets and SSH agents that building a Dockerfile requests, by line. Leaves out ids that the Dockerfile
 * alone does not determine, and returns an empty list for a Dockerfile that is too long.
 *
 * @see https://docs.docker.com/reference/dockerfile/#run---mounttypesecret
 */
export function mountsOf(text: string, question: StageOptions = {}): Mount[] {
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
