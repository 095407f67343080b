import { ImageBuilderError } from "../base/errors";
import type { EngineAccess } from "../engine/engineAccess";
import { daemonStatus, requestFailure } from "../engine/engineClient";
import type { ImageChecker } from "./imageChecker";

/** Asks the daemon whether it has an image, for builds that are pushed nowhere. */
export function engineChecker(engine: EngineAccess): ImageChecker {
  return {
    async find({ uri, platform }, signal = new AbortController().signal) {
      // A pull fetches one platform of several under the same name.
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
