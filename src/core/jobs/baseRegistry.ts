import type { Core } from "./buildAndPush";
import { ImageBuilderError } from "../base/errors";
import { parseImageReference } from "../base/imageReference";
import { RegistryClient } from "../distribution/registryClient";
import { createComponent } from "../flavors/createComponent";

/** Creates a client for the registry of a base image, with the logins that this machine has for it. */
export async function baseRegistry(
  host: string,
  { flavors, services }: Core,
  signal: AbortSignal,
): Promise<RegistryClient> {
  const component = {
    name: host,
    type: "container_registry",
    flavor: "default",
    configuration: { uri: host },
  } as const;
  const registry = await createComponent("container_registry", component, flavors, services);
  return new RegistryClient(registry.place(signal));
}

/**
 * Looks up the digest of a base image's tag in its registry; for an image of several platforms, that of all of them.
 *
 * @throws ImageBuilderError `registryNotFound`, and the errors of the registry; the signal's reason if aborted
 */
export async function baseDigest(baseImage: string, core: Core, signal: AbortSignal): Promise<string> {
  const { host, path, tag = "latest" } = parseImageReference(baseImage);
  const digest = await (await baseRegistry(host, core, signal)).digestOf(path, tag, signal);
  if (digest === undefined)
    throw new ImageBuilderError("registryNotFound", `${host} has no image "${path}:${tag}". Check its name and tag.`);
  return digest;
}
