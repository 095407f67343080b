import type { BuildOutcome } from "../../api";
import { startSpecBuild } from "../images/startSpecBuild";
import type { Services } from "../services";

/** Builds and pushes the image of a spec, unless the registry has it. */
export function buildAndPushImageSpec(services: Services, target?: unknown): Promise<BuildOutcome | undefined> {
  return startSpecBuild(services, true, target);
}
