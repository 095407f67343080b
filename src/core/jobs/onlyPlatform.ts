import { ImageBuilderError } from "../base/errors";
import type { EngineAccess } from "../engine/engineAccess";
import type { ImageDefinition } from "../image/definition/definition";
import { architectures, type Architecture } from "../image/definition/platform";

/** Time limit for a daemon that only helps to choose, in milliseconds. */
const patienceMs = 2_000;

/**
 * Returns the one platform to build an image for that names none, by a daemon whose image store keeps only one of an
 * image; undefined where all can be built, or the daemon doesn't tell.
 *
 * @throws the signal's reason
 */
export async function onlyPlatform(
  { isCloned, isDefaultPlatform, platform }: ImageDefinition,
  engine: EngineAccess,
  signal: AbortSignal = new AbortController().signal,
): Promise<Architecture | undefined> {
  if (!isCloned || isDefaultPlatform !== true || platform.length < 2) return undefined;
  const patience = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  try {
    const client = await engine.client();
    if (await client.hasContainerdStore(patience)) return undefined;
    const { arch } = await engine.probe(patience);
    return architectures.find((each) => each === `linux/${arch}`);
  } catch (error) {
    signal.throwIfAborted();
    if (ImageBuilderError.is(error) || patience.aborted) return undefined;
    throw error;
  }
}
