import * as z from "zod";
import type { Flavor } from "../flavors/flavor";

const localImageBuilderConfigSchema = z.strictObject({});

/** What may be configured for the local builder: nothing yet, the daemon is found as the docker CLI finds it. */
export type LocalImageBuilderConfig = z.infer<typeof localImageBuilderConfigSchema>;

/** Builds with the Docker daemon that this machine uses. */
export const localImageBuilderFlavor: Flavor<"image_builder", LocalImageBuilderConfig> = {
  name: "local",
  type: "image_builder",
  displayName: "Local Docker daemon",
  description: "Builds with the Docker daemon this machine uses",
  docsUrl: "https://docs.zenml.io/stack-components/image-builders/local",
  configSchema: localImageBuilderConfigSchema,
  async load(_component, _config, services) {
    const { LocalImageBuilder } = await import("./localImageBuilder");
    return new LocalImageBuilder(services);
  },
};
