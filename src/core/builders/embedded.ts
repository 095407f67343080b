import type { Flavor } from "../contracts/flavor";
import { embeddedImageBuilderConfigSchema, type EmbeddedImageBuilderConfig } from "./embeddedConfig";

/** Builds Dockerfiles that run no commands, without any daemon. */
export const embeddedImageBuilderFlavor: Flavor<"image_builder", EmbeddedImageBuilderConfig> = {
  name: "embedded",
  type: "image_builder",
  displayName: "Embedded",
  description: "Builds Dockerfiles that run no commands, without Docker",
  configSchema: embeddedImageBuilderConfigSchema,
  async load(_component, config, services) {
    const { EmbeddedImageBuilder } = await import("./embeddedImageBuilder");
    return new EmbeddedImageBuilder(config, services);
  },
};
