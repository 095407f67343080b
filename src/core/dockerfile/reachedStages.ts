import { mountsIn } from "./mountOptions";
import type { Stage, Step } from "./stages";

/**
 * The stages that a build gets to. Where a variable hides a stage, all before it count.
 *
 * @param target the stage to stop at, by name or number; default is the last
 */
export function reachedStages(stages: readonly Stage[], target?: string): Set<Stage> {
  // The last of a name is meant.
  const byName = new Map(stages.flatMap((stage) => (stage.name === undefined ? [] : [[stage.name, stage] as const])));
  const reached = new Set<Stage>();
  const pending = targetsOf(stages, byName, target);
  let widened = 0;
  for (let stage = pending.pop(); stage; stage = pending.pop()) {
    if (reached.has(stage)) continue;
    reached.add(stage);
    const { index, parent } = stage;
    const names = [...stage.steps, ...stage.replacedSteps].flatMap(sourceNames);
    if (parent === "unknown" || names.some(isHidden)) {
      pending.push(...stages.slice(widened, index));
      widened = Math.max(widened, index);
    }
    if (typeof parent === "object") pending.push(parent);
    for (const name of names) {
      const found = byName.get(name.toLowerCase()) ?? stageAt(name, stages);
      if (found && found.index < index) pending.push(found);
    }
  }
  return reached;
}

function targetsOf(stages: readonly Stage[], byName: ReadonlyMap<string, Stage>, target: string | undefined): Stage[] {
  if (target === undefined || target === "") return stages.slice(-1);
  const found = byName.get(target.toLowerCase()) ?? stageAt(target, stages);
  return found ? [found] : [];
}

/** A number may have a sign or zeros in front. */
function stageAt(name: string, stages: readonly Stage[]): Stage | undefined {
  return /^\+?\d+$/.test(name) ? stages[Number(name)] : undefined;
}

/** What a step takes files from, as COPY and mounts name it; a variable is not replaced there. */
export function sourceNames({ instruction, expand }: Step): string[] {
  if (instruction.keyword === "COPY") return [instruction.flag("from")?.value ?? ""];
  if (instruction.keyword !== "RUN") return [];
  // A mount without a source stands for nothing, which a stage may be called.
  return mountsIn(instruction.flags, expand).map(({ from }) => from ?? "scratch");
}

/** Whether a variable, which builders of today refuse, hides which stage is meant. */
export function isHidden(name: string): boolean {
  return name.includes("$");
}
