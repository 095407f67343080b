import type { ComponentType } from "../base/component";

const plurals: Readonly<Record<ComponentType, string>> = {
  image_builder: "image_builders",
  container_registry: "container_registries",
};

/**
 * Any registry flavor's requirement, by ZenML: a connector to Docker registries, for the address that is configured.
 */
export const dockerRegistryRequirements = { resourceType: "docker-registry", resourceIdAttribute: "uri" } as const;

/** ZenML's page on a flavor: of its latest release, else of the one that `legacyVersion` names. */
export function flavorDocsUrl(type: ComponentType, name: string, legacyVersion?: string): string {
  const base =
    legacyVersion === undefined
      ? "https://docs.zenml.io"
      : `https://zenml-io.gitbook.io/zenml-legacy-documentation/v/${legacyVersion}`;
  return [base, "stack-components", dashed(plurals[type]), dashed(name)].join("/");
}

/** Where in ZenML's reference a flavor's module is described, in the core or in an integration. */
export function flavorSdkDocsUrl(
  type: ComponentType,
  module: string,
  { version = "latest", integration }: { version?: string; integration?: string } = {},
): string {
  const page =
    integration === undefined
      ? `core_code_docs/core-${plurals[type]}`
      : `integration_code_docs/integrations-${integration}`;
  return `https://sdkdocs.zenml.io/${version}/${page}/#${module}`;
}

/** Where ZenML publishes the logos of its flavors. */
export function flavorLogoUrl(type: ComponentType, file: string): string {
  return `https://public-flavor-logos.s3.eu-central-1.amazonaws.com/${type}/${file}`;
}

function dashed(name: string): string {
  return name.replaceAll("_", "-");
}
