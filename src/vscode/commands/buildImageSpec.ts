import type { BuildOutcome } from "../../api";
import { startSpecBuild } from "../images/startSpecBuild";
import type { Services } from "../services";

/** Builds the image of a spec, unless the daemon has it, and leaves it there. */
export function buildImageSpec(services: Services, target?: unknown): Promise<BuildOutcome | undefined> {
  return startSpecBuild(services, false, target);
}
