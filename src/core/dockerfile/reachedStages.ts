import { mountsIn } from "./mountOptions";
import type { Stage, Step } from "./stages";

/**
 * Returns the stages that a build reaches. If a variable hides a stage, all earlier stages count as reached.
 *
 * @param target stage to stop at, by name or number; default is the last one
 */
export function reachedStages(stages: readonly Stage[], target?: string): Set<Stage> {
  // A name means the last stage that has it.
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

/** Returns the stage with a number, which may have a plus sign or leading zeros. */
function stageAt(name: string, stages: readonly Stage[]): Stage | undefined {
  return /^\+?\d+$/.test(name) ? stages[Number(name)] : undefined;
}

/** Returns the sources of a step as written in COPY and mounts, because variables are not replaced there. */
export function sourceNames({ instruction, expand }: Step): string[] {
  if (instruction.keyword === "COPY") return [instruction.flag("from")?.value ?? ""];
  if (instruction.keyword !== "RUN") return [];
  // A mount without `from` counts as `scratch`, which may be the name of a stage.
  return mountsIn(instruction.flags, expand).map(({ from }) => from ?? "scratch");
}

/** Checks whether a variable, which current builders refuse here, hides the name of the stage. */
export function isHidden(name: string): boolean {
  return name.includes("$");
}
