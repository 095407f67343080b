import type { Flavor } from "../contracts/flavor";
import { buildkitConfigSchema, type BuildkitConfig } from "./buildkitConfig";

/** Flavor that builds with BuildKit daemons, on this machine or elsewhere. */
export const buildkitBuilderFlavor: Flavor<"image_builder", BuildkitConfig> = {
  name: "buildkit",
  type: "image_builder",
  displayName: "BuildKit daemons",
  description: "Builds with BuildKit daemons, without Docker, and pushes from there",
  docsUrl: "https://github.com/image-builders/image-builders/blob/main/docs/buildkit.md",
  configSchema: buildkitConfigSchema,
  async load(component, config, services) {
    const { BuildkitBuilder } = await import("./buildkitBuilder");
    return new BuildkitBuilder(component.name, config, services);
  },
};
