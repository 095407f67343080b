import { ImageBuilderError } from "../base/errors";
import type { EngineAccess } from "../engine/engineAccess";
import { daemonStatus, requestFailure } from "../engine/requestFailure";
import type { ImageChecker } from "./imageChecker";

/** Creates a checker that looks up images in the daemon, for builds that are not pushed. */
export function engineChecker(engine: EngineAccess): ImageChecker {
  return {
    async find({ uri, platform }, signal = new AbortController().signal) {
      // A pull stores only one of several platforms under the same name.
      if (platform.length > 1)
        throw new ImageBuilderError(
          "requestFailed",
          "A Docker daemon doesn't report whether it has all platforms of an image.",
        );
      const client = await engine.client();
      try {
        await client.imageId(uri, signal);
        return {};
      } catch (error) {
        if (daemonStatus(error) === 404) return undefined;
        throw requestFailure("requestFailed", `Can't check whether the daemon has ${uri}`, error, signal);
      }
    },
  };
}
