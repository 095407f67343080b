import type { Instruction } from "../../dockerfile/instruction";
import { isDamagedTar } from "../tar/damage";
import { TreeError } from "../tree/treeError";

/** Reason why a Dockerfile requires a builder that runs commands. */
export interface Obstacle {
  /** Counts from 1; undefined where it is no line's fault. */
  readonly line?: number;
  /** Follows on the line, such as `RUN`. */
  readonly reason: string;
}

/** Thrown where an obstacle is found while the image is put together. */
export class ObstacleError extends Error implements Obstacle {
  readonly line?: number;

  constructor(
    readonly reason: string,
    { line, cause }: { readonly line?: number; readonly cause?: unknown } = {},
  ) {
    super(line === undefined ? reason : `line ${line}: ${reason}`, { cause });
    this.line = line;
  }
}

/** Adds the line to what an instruction fails with. */
export async function atLine<Result>(
  { line }: Pick<Instruction, "line">,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TreeError) throw new ObstacleError(error.message, { line, cause: error });
    if (isDamagedTar(error)) throw new ObstacleError("an archive that is damaged", { line, cause: error });
    if (error instanceof ObstacleError && error.line === undefined)
      throw new ObstacleError(error.reason, { line, cause: error });
    throw error;
  }
}

/** Returns the obstacles as one text: `line 4: RUN; line 7: ADD of a URL`. */
export function describeObstacles(obstacles: readonly Obstacle[]): string {
  const shown = obstacles
    .slice(0, mostShown)
    .map(({ line, reason }) => (line === undefined ? reason : `line ${line}: ${reason}`));
  const others = obstacles.length - shown.length;
  return shown.join("; ") + (others > 0 ? `; and ${others} more` : "");
}

const mostShown = 5;
