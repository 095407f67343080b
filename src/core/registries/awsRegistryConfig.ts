import * as z from "zod";
import { registryConfigSchema } from "../contracts/registryConfig";
import { ecrRegionOf } from "./ecrHost";

/** The schema of what may be configured for Amazon's registry. */
export const awsRegistryConfigSchema = registryConfigSchema
  .extend({
    /** Whether a push first creates a repository that is not there; ECR refuses pushes to one that is not. */
    createMissingRepositories: z
      .boolean()
      .default(false)
      .meta({ description: "Create the repository on push if it doesn't exist" }),
  })
  .refine((config) => ecrRegionOf(config.uri) !== undefined, {
    path: ["uri"],
    error: 'use the host of an ECR registry without "/", such as "715803424592.dkr.ecr.us-east-1.amazonaws.com"',
  });

/** What may be configured for Amazon's registry. */
export type AwsRegistryConfig = z.infer<typeof awsRegistryConfigSchema>;
