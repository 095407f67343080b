import * as z from "zod";

/** Configuration of the embedded builder. */
export const embeddedImageBuilderConfigSchema = z.strictObject({
  fallback: z.enum(["local", "none"]).default("local").meta({
    description: "What builds Dockerfiles that run commands: the local Docker daemon, or nothing",
  }),
  level: z.int().min(1).max(9).default(4).meta({
    description: "Compression of layers: 1 is the fastest, 9 makes the smallest",
  }),
  cacheMiB: z.int().min(0).max(102_400).default(256).meta({
    description:
      "Size of the cache on disk in MiB, which saves reading the same base images and files again; 0 turns it off",
  }),
  verify: z.boolean().default(false).meta({
    description: "Read all files in every build, even those that seem unchanged by size, time, and inode",
  }),
  mediaTypes: z.enum(["oci", "docker"]).default("oci").meta({
    description: "Format of pushed images; exported OCI layouts always use OCI",
  }),
});

/** Parsed configuration. */
export type EmbeddedImageBuilderConfig = z.infer<typeof embeddedImageBuilderConfigSchema>;
