import * as z from "zod";
import { registryHost, registryPlace } from "../base/imageReference";
import { ecrHost, type EcrRegistry } from "../clouds/ecrRegistry";
import { registryConfigSchema, serviceUri } from "../contracts/registryConfig";

/** Reads which registry of ECR an address is; a path has no meaning there, since repositories are made by name. */
export function ecrRegistryAt(uri: string): EcrRegistry | undefined {
  const host = registryHost(uri);
  return registryPlace(uri) === host ? ecrHost(host) : undefined;
}

/** Schema of the configuration of Amazon's registry. */
export const awsRegistryConfigSchema = registryConfigSchema.extend({
  uri: serviceUri(
    (uri) => (ecrRegistryAt(uri) ? uri : undefined),
    'use the host of an ECR registry without "/", such as "715803424592.dkr.ecr.us-east-1.amazonaws.com" or ' +
      '"public.ecr.aws"',
  ),
  /** Whether a push creates a missing repository first; ECR refuses pushes to missing ones. */
  createMissingRepositories: z
    .boolean()
    .default(false)
    .meta({ description: "Create the repository on push if it doesn't exist" }),
});

/** Configuration of Amazon's registry. */
export type AwsRegistryConfig = z.infer<typeof awsRegistryConfigSchema>;
