import type { Core } from "./buildAndPush";
import type { Component } from "../base/component";
import { ImageBuilderError } from "../base/errors";
import type { ContainerRegistry } from "../contracts/containerRegistry";
import { createComponent } from "../flavors/createComponent";
import { isImageOfRegistry, qualifyImageName } from "../base/imageReference";
import { secretName } from "../image/definition/secret";
import type { Image } from "../image/image";

/** Registries that an image can be pushed to. */
export interface PushChoices {
  /** All configured registries. */
  readonly registries: readonly Component[];
  /** Registry that the user requested. */
  readonly asked?: Component;
  /** Registry to use by default. */
  readonly active?: Component;
  /** The names of the secrets that are stored on this machine. */
  readonly storedSecrets?: readonly string[];
}

/** Image with its registry in its name. */
export interface PushTarget {
  readonly image: Image;
  readonly registry: Component;
  /** Instance of the registry, if its address had to be determined. */
  readonly madeRegistry?: ContainerRegistry;
}

/**
 * Decides which registry an image goes to: the one asked for; for an image that names its registry the component that
 * this belongs to, or that registry itself with the image's secret or the user's Docker logins; otherwise the active
 * one, whose address is put in front of the image's name.
 *
 * @throws ImageBuilderError `registryMissing`, with the ways to name one; what making the component throws
 */
export async function pushTarget(
  image: Image,
  { registries, asked, active, storedSecrets = [] }: PushChoices,
  core: Core,
): Promise<PushTarget> {
  if (image.registry !== undefined) {
    const imageName = `${image.registry}/${image.name ?? "image"}`;
    const { registrySecret } = image;
    const secret = registrySecret && storedSecrets.find((name) => name === secretName(registrySecret));
    const candidates = [...(active ? [active] : []), ...registries];
    return {
      image,
      registry:
        asked ??
        candidates.find(({ configuration: { uri } }) => isImageOfRegistry(uri, imageName)) ??
        plainRegistry(image.registry, secret),
    };
  }
  const registry = asked ?? active;
  if (!registry) {
    throw new ImageBuilderError(
      "registryMissing",
      `There is no registry to push "${image.name ?? "the image"}" to. ` +
        'Add "registry" to the image, set an active registry, choose a registry for this build, or add one with ' +
        '"Add Registry...".',
    );
  }
  const madeRegistry = await createComponent("container_registry", registry, core.flavors, core.services);
  return { image: placedIn(image, madeRegistry.config.uri), registry, madeRegistry };
}

/** On Docker Hub, a name with an account is already a full name. */
function placedIn(image: Image, registryUri: string): Image {
  const { name = "image" } = image;
  const qualified = qualifyImageName(name, registryUri);
  return qualified === name ? image : image.clone({ registry: qualified.slice(0, -name.length - 1) });
}

/** The secret is confirmed as one that a workspace names, for the image is described there. */
function plainRegistry(uri: string, secret: string | undefined): Component {
  return {
    name: uri,
    type: "container_registry",
    flavor: "default",
    configuration: { uri, ...(secret !== undefined && { authenticationSecret: secret }) },
    ...(secret !== undefined && { from: "workspace" }),
  };
}
