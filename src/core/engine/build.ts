import type { BuildOptions } from "../builders/buildOptions";
import { ImageBuilderError } from "../errors";
import type { Operation } from "../operation";
import { readDockerfile, type BuildJob } from "./buildJob";
import type { EngineInfo } from "./probe";

/** What only the classic builder heeds. */
const classicOnly = ["squash", "shmSizeBytes", "memoryBytes", "memorySwapBytes", "cpuShares", "cpuSetCpus", "isolation"] as const satisfies readonly (keyof BuildOptions)[];

/**
 * Builds an image in the daemon, by BuildKit or by the classic builder.
 *
 * @returns the `imageId`
 * @throws ImageBuilderError `dockerfileMissing`, `optionInvalid`, `buildFailed` with the Dockerfile's line, `daemonLost`, or what reading the context throws
 */
export async function buildImage(job: BuildJob, operation: Operation): Promise<string> {
  const dockerfile = await readDockerfile(job.context, job.options);
  const builder = chooseBuilder(job.options, job.engineInfo);
  const { product, version } = job.engineInfo;
  operation.log.info(`Building ${job.imageNames.join(", ")} with ${product} ${version} (${builder}) at ${job.client.endpoint.address}.`);
  if (builder === "buildkit") {
    const { buildWithBuildkit } = await import("./buildkit");
    return buildWithBuildkit(job, dockerfile, operation);
  }
  const { buildWithClassic } = await import("./classic");
  return buildWithClassic(job, dockerfile, operation);
}

/**
 * Which of the daemon's builders does a build: the one asked for, else BuildKit where it is there and heeds all options.
 *
 * @throws ImageBuilderError `optionInvalid` when BuildKit is asked for and is not there, or would ignore an option
 */
export function chooseBuilder(options: BuildOptions, engineInfo: EngineInfo): "buildkit" | "classic" {
  const ignored = classicOnly.filter((name) => options[name] !== undefined && options[name] !== false);
  switch (options.builder ?? "auto") {
    case "classic":
      return "classic";
    case "auto":
      return engineInfo.buildkit && ignored.length === 0 ? "buildkit" : "classic";
    case "buildkit":
      if (!engineInfo.buildkit) {
        throw new ImageBuilderError("optionInvalid", `${engineInfo.product} ${engineInfo.version} has no BuildKit: choose the builder "auto" or "classic".`);
      }
      if (ignored.length > 0) {
        throw new ImageBuilderError("optionInvalid", `BuildKit takes no notice of ${ignored.join(", ")}: leave it out or choose the builder "classic".`);
      }
      return "buildkit";
  }
}
