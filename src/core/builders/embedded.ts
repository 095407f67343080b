import * as z from "zod";
import type { Flavor } from "../contracts/flavor";

const embeddedImageBuilderConfigSchema = z.strictObject({
  fallback: z.enum(["local", "none"]).default("local").meta({
    description: "What builds Dockerfiles that run commands: the local Docker daemon, or nothing",
  }),
  level: z.int().min(1).max(9).default(4).meta({
    description: "Compression of layers: 1 is the fastest, 9 makes the smallest",
  }),
  mediaTypes: z.enum(["oci", "docker"]).default("oci").meta({
    description: "Format of pushed images; exported OCI layouts always use OCI",
  }),
});

/** What may be configured for the embedded builder. */
export type EmbeddedImageBuilderConfig = z.infer<typeof embeddedImageBuilderConfigSchema>;

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
