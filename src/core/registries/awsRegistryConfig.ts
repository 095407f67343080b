import * as z from "zod";
import { registryConfigSchema } from "../contracts/registryConfig";
import { ecrRegionOf } from "./ecrHost";

/** Schema of the configuration of Amazon's registry. */
export const awsRegistryConfigSchema = registryConfigSchema
  .extend({
    /** Whether a push creates a missing repository first; ECR refuses pushes to missing ones. */
    createMissingRepositories: z
      .boolean()
      .default(false)
      .meta({ description: "Create the repository on push if it doesn't exist" }),
  })
  .refine((config) => ecrRegionOf(config.uri) !== undefined, {
    path: ["uri"],
    error: 'use the host of an ECR registry without "/", such as "715803424592.dkr.ecr.us-east-1.amazonaws.com"',
  });

/** Configuration of Amazon's registry. */
export type AwsRegistryConfig = z.infer<typeof awsRegistryConfigSchema>;
