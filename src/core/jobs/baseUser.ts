import { baseRegistry } from "./baseRegistry";
import type { Core } from "./buildAndPush";
import { ImageBuilderError } from "../base/errors";
import { parseImageReference } from "../base/imageReference";
import { daemonStatus } from "../engine/requestFailure";
import type { PlannedImage } from "../image/plan/planImage";
import { losesUser } from "../image/render/dockerfile";

/** A user as Dockerfiles take it: a name or a number, with a group if wanted. */
const userPattern = /^[A-Za-z0-9_][\w.-]{0,63}(?::[A-Za-z0-9_][\w.-]{0,63})?$/;

/** Returns the base image whose user an image must restore; nothing where no step runs as root. */
export function baseToRestore({ resolved }: Pick<PlannedImage, "resolved">): string | undefined {
  return resolved.kind === "layers" && losesUser(resolved) ? resolved.baseImage : undefined;
}

/**
 * Finds the user that a base image runs as: asks the daemon, then the image's registry. Empty for root; undefined where
 * neither knows the image.
 */
export async function baseUser(baseImage: string, core: Core, signal: AbortSignal): Promise<string | undefined> {
  const found = (await ofDaemon(baseImage, core, signal)) ?? (await ofRegistry(baseImage, core, signal));
  if (found === undefined || found === "") return found;
  return userPattern.test(found) ? found : undefined;
}

async function ofDaemon(baseImage: string, { services }: Core, signal: AbortSignal): Promise<string | undefined> {
  try {
    return await (await services.engine.client()).imageUser(baseImage, signal);
  } catch (error) {
    signal.throwIfAborted();
    // An image that isn't there, or a daemon that can't be asked, which the build itself tells.
    if (daemonStatus(error) !== undefined || ImageBuilderError.is(error)) return undefined;
    throw error;
  }
}

async function ofRegistry(baseImage: string, core: Core, signal: AbortSignal): Promise<string | undefined> {
  try {
    const { host, path, tag = "latest", digest } = parseImageReference(baseImage);
    const client = await baseRegistry(host, core, signal);
    let manifest = await client.manifest(path, digest ?? tag, signal);
    // Images of all platforms have the same user, as a rule.
    const [first] = manifest.kind === "index" ? manifest.entries : [];
    if (first) manifest = await client.manifest(path, first.digest, signal);
    return manifest.kind === "image" ? ((await client.imageConfig(path, manifest, signal)).user ?? "") : undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (ImageBuilderError.is(error)) return undefined;
    throw error;
  }
}
