import { localImageBuilderFlavor } from "../builders/local";
import { defaultRegistryFlavor } from "../registries/default";
import { dockerhubRegistryFlavor } from "../registries/dockerhub";
import type { Flavor } from "./flavor";

/** The flavors that come with the extension, in the order in which they are shown. */
export const builtinFlavors: readonly Flavor[] = [localImageBuilderFlavor, defaultRegistryFlavor, dockerhubRegistryFlavor];
