import type { BuildOutcome } from "../../api";
import type { Services } from "../services";
import { startBuild } from "../builds/startBuild";

/** Builds an image and pushes it to a registry. */
export function buildAndPushImage(services: Services, target?: unknown): Promise<BuildOutcome | undefined> {
  return startBuild(services, true, target);
}
