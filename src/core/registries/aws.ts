import { awsRegistryConfigSchema, type AwsRegistryConfig } from "./awsRegistryConfig";
import { registryFlavor } from "./registryFlavor";

/** Flavor for Amazon's Elastic Container Registry. */
export const awsRegistryFlavor = registryFlavor<AwsRegistryConfig>({
  name: "aws",
  displayName: "Amazon ECR",
  description: "Elastic Container Registry at <account>.dkr.ecr.<region>.amazonaws.com",
  logo: "aws.png",
  connectorType: "aws",
  integration: { name: "aws", module: "zenml.integrations.aws.flavors.aws_container_registry_flavor" },
  configSchema: awsRegistryConfigSchema,
  async load(component, config, services) {
    const { AwsContainerRegistry } = await import("./awsContainerRegistry");
    return new AwsContainerRegistry(component.name, config, services);
  },
});
