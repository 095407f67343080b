import * as z from "zod";
import type { Flavor } from "../contracts/flavor";
import { flavorDocsUrl, flavorLogoUrl, flavorSdkDocsUrl } from "../contracts/zenmlUrls";

const localImageBuilderConfigSchema = z.strictObject({});

/** Configuration of the local builder, which has no fields: the daemon is found as in the docker CLI. */
export type LocalImageBuilderConfig = z.infer<typeof localImageBuilderConfigSchema>;

/** Flavor that builds with the Docker daemon this machine uses. */
export const localImageBuilderFlavor: Flavor<"image_builder", LocalImageBuilderConfig> = {
  name: "local",
  type: "image_builder",
  displayName: "Local Docker daemon",
  description: "Builds with the Docker daemon this machine uses",
  docsUrl: flavorDocsUrl("image_builder", "local"),
  sdkDocsUrl: flavorSdkDocsUrl("image_builder", "zenml.image_builders.local_image_builder"),
  logoUrl: flavorLogoUrl("image_builder", "local.svg"),
  configSchema: localImageBuilderConfigSchema,
  async load(_component, _config, services) {
    const { LocalImageBuilder } = await import("./localImageBuilder");
    return new LocalImageBuilder(services);
  },
};
