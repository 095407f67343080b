import * as z from "zod";

/** What may be configured for the embedded builder. */
export const embeddedImageBuilderConfigSchema = z.strictObject({
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

/** What the schema yields. */
export type EmbeddedImageBuilderConfig = z.infer<typeof embeddedImageBuilderConfigSchema>;
