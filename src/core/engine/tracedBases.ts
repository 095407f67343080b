import type { BuildOptions } from "../base/buildOptions";
import { messageOf } from "../base/errors";
import type { DockerfileSource } from "../context/files/dockerfileSource";
import { namedImages } from "../dockerfile/namedImages";
import type { BaseTrace } from "../operation/buildTrace";
import type { Operation } from "../operation/operation";
import type { EngineClient } from "./engineClient";

/** Limit on the images that the daemon is asked about. */
const mostBases = 20;

/**
 * Reports which of the images that a Dockerfile names the daemon has, because the steps of BuildKit don't tell them
 * apart. Without it, a report of the build can't tell that one has changed.
 */
export async function traceBases(
  client: EngineClient,
  dockerfile: DockerfileSource,
  options: BuildOptions,
  { trace, log, signal }: Pick<Operation, "trace" | "log" | "signal">,
): Promise<void> {
  if (!trace) return;
  const names = namedImages(dockerfile.text, options.buildArgs, options).images.filter((name) => !name.includes("*"));
  const found = await Promise.all(
    names.slice(0, mostBases).map(async (name): Promise<BaseTrace["images"]> => {
      try {
        return [{ name, id: await client.imageId(name, signal) }];
      } catch (error) {
        // The daemon doesn't have it yet, so the name of its step contains its digest.
        log.debug(`Can't read the ID of ${name} (${messageOf(error)}).`);
        return [];
      }
    }),
  );
  trace({ kind: "bases", images: found.flat() });
}
