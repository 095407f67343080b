import { buildkitBuilderFlavor } from "../builders/buildkit";
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

/** Flavors of the extension itself, in display order. */
export const builtinFlavors: readonly Flavor[] = [
  localImageBuilderFlavor,
  buildkitBuilderFlavor,
  embeddedImageBuilderFlavor,
  defaultRegistryFlavor,
  dockerhubRegistryFlavor,
  githubRegistryFlavor,
  gcpRegistryFlavor,
  azureRegistryFlavor,
  awsRegistryFlavor,
];

/** Whether a flavor is built in; its name can't be registered by others. */
export function isBuiltinFlavor(type: ComponentType, name: string): boolean {
  return builtinFlavors.some((flavor) => flavor.type === type && flavor.name === name);
}
