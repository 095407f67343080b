import { Run } from "dockerfile-ast";
import type { LineRange } from "./locateFailure";
import { parseDockerfile } from "./parseDockerfile";
import { reachedStages, splitStages } from "./stages";

/** Something that a RUN of a Dockerfile wants from whoever builds it. */
export interface Mount extends LineRange {
  readonly type: "secret" | "ssh";
  readonly id: string;
  /** Whether the RUN fails without it. */
  readonly required: boolean;
}

/** What decides which RUNs are reached, and with which variables. */
export interface MountQuestion {
  readonly target?: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
}

/**
 * The secrets and SSH agents that building a Dockerfile asks for, in the order of its lines. Left out are those whose id depends
 * on what the Dockerfile does not tell, and all of one that is too long to be read.
 *
 * @see https://docs.docker.com/reference/dockerfile/#run---mounttypesecret
 */
export function mountsOf(text: string, { target, buildArgs = {} }: MountQuestion = {}): Mount[] {
  const dockerfile = parseDockerfile(text);
  const stages = dockerfile ? splitStages(dockerfile, buildArgs) : [];
  const reached = reachedStages(stages, target);
  const steps = stages.filter((stage) => reached.has(stage)).flatMap((stage) => stage.steps);
  return steps.flatMap(({ instruction, expand }) => {
    if (!(instruction instanceof Run)) return [];
    return instruction.getFlags().flatMap((flag): Mount[] => {
      if (flag.getName() !== "mount") return [];
      const { start, end } = flag.getRange();
      const found = readMount(flag.getValue() ?? "", expand);
      return found ? [{ ...found, line: start.line + 1, endLine: end.line + 1 }] : [];
    });
  });
}

function readMount(value: string, expand: (word: string) => string | undefined): Omit<Mount, keyof LineRange> | undefined {
  const options = new Map(value.split(",").map(keyAndValue));
  const type = options.get("type");
  if (type !== "secret" && type !== "ssh") return undefined;
  const target = options.get("target") ?? options.get("dst") ?? options.get("destination");
  const written = options.get("id") ?? (type === "ssh" ? "default" : target?.split("/").at(-1));
  const id = written === undefined ? undefined : expand(written);
  return id ? { type, id, required: /^(?:|1|t|true)$/i.test(options.get("required") ?? "false") } : undefined;
}

function keyAndValue(option: string): [key: string, value: string] {
  const at = option.indexOf("=");
  return at < 0 ? [option.toLowerCase(), ""] : [option.slice(0, at).toLowerCase(), option.slice(at + 1)];
}
