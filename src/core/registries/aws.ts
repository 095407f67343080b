import * as z from "zod";
import { ecrRegionOf } from "./ecrHost";
import { registryConfigSchema } from "./registryConfig";
import { registryFlavor } from "./registryFlavor";

const awsRegistryConfigSchema = registryConfigSchema
  .extend({
    /** Whether a push first creates a repository that is not there; ECR refuses pushes to one that is not. */
    createMissingRepositories: z.boolean().default(false).meta({ description: "Whether a push first creates a repository that is not there" }),
  })
  .refine((config) => ecrRegionOf(config.uri) !== undefined, {
    path: ["uri"],
    error: 'write an ECR registry\'s host without "/", such as "715803424592.dkr.ecr.us-east-1.amazonaws.com"',
  });

/** What may be configured for Amazon's registry. */
export type AwsRegistryConfig = z.infer<typeof awsRegistryConfigSchema>;

/** Amazon's Elastic Container Registry. */
export const awsRegistryFlavor = registryFlavor<AwsRegistryConfig>({
  name: "aws",
  displayName: "Amazon ECR",
  description: "Elastic Container Registry, as <account>.dkr.ecr.<region>.amazonaws.com",
  logo: "aws.png",
  connectorType: "aws",
  integration: { name: "aws", module: "zenml.integrations.aws.flavors.aws_container_registry_flavor" },
  configSchema: awsRegistryConfigSchema,
  async load(component, config, services) {
    const { AwsContainerRegistry } = await import("./awsContainerRegistry");
    return new AwsContainerRegistry(component.name, config, services);
  },
});
