import { embeddedImageBuilderFlavor } from "../builders/embedded";
import { localImageBuilderFlavor } from "../builders/local";
import { awsRegistryFlavor } from "../registries/aws";
import { azureRegistryFlavor } from "../registries/azure";
import { defaultRegistryFlavor } from "../registries/default";
import { dockerhubRegistryFlavor } from "../registries/dockerhub";
import { gcpRegistryFlavor } from "../registries/gcp";
import { githubRegistryFlavor } from "../registries/github";
import type { ComponentType } from "../base/component";
import type { Flavor } from "../contracts/flavor";

/** The flavors that come with the extension, in the order in which they are shown. */
export const builtinFlavors: readonly Flavor[] = [
  localImageBuilderFlavor,
  embeddedImageBuilderFlavor,
  defaultRegistryFlavor,
  dockerhubRegistryFlavor,
  githubRegistryFlavor,
  gcpRegistryFlavor,
  azureRegistryFlavor,
  awsRegistryFlavor,
];

/** Whether a flavor comes with the extension; another of its name cannot be registered. */
export function isBuiltinFlavor(type: ComponentType, name: string): boolean {
  return builtinFlavors.some((flavor) => flavor.type === type && flavor.name === name);
}
