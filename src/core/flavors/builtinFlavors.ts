import { localImageBuilderFlavor } from "../builders/local";
import { awsRegistryFlavor } from "../registries/aws";
import { azureRegistryFlavor } from "../registries/azure";
import { defaultRegistryFlavor } from "../registries/default";
import { dockerhubRegistryFlavor } from "../registries/dockerhub";
import { gcpRegistryFlavor } from "../registries/gcp";
import { githubRegistryFlavor } from "../registries/github";
import type { Flavor } from "./flavor";

/** The flavors that come with the extension, in the order in which they are shown. */
export const builtinFlavors: readonly Flavor[] = [
  localImageBuilderFlavor,
  defaultRegistryFlavor,
  dockerhubRegistryFlavor,
  githubRegistryFlavor,
  gcpRegistryFlavor,
  azureRegistryFlavor,
  awsRegistryFlavor,
];
