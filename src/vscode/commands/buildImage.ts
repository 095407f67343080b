import type { BuildOutcome } from "../../api";
import type { Services } from "../services";
import { startBuild } from "../builds/startBuild";

/** Builds an image and leaves it in the daemon. */
export function buildImage(services: Services, target?: unknown): Promise<BuildOutcome | undefined> {
  return startBuild(services, false, target);
}
