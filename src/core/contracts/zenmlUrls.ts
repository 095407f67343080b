import type { ComponentType } from "../base/component";

const plurals: Readonly<Record<ComponentType, string>> = {
  image_builder: "image_builders",
  container_registry: "container_registries",
};

/**
 * Connector requirements of every registry flavor, as in ZenML: a connector to Docker registries, for the configured
 * address.
 */
export const dockerRegistryRequirements = { resourceType: "docker-registry", resourceIdAttribute: "uri" } as const;

/** Returns the URL of ZenML's page about a flavor: of the latest release, or of `legacyVersion`. */
export function flavorDocsUrl(type: ComponentType, name: string, legacyVersion?: string): string {
  const base =
    legacyVersion === undefined
      ? "https://docs.zenml.io"
      : `https://zenml-io.gitbook.io/zenml-legacy-documentation/v/${legacyVersion}`;
  return [base, "stack-components", dashed(plurals[type]), dashed(name)].join("/");
}

/** Returns the URL of a flavor's module in ZenML's SDK reference, in the core or in an integration. */
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

/** Returns the URL of a flavor's logo, as published by ZenML. */
export function flavorLogoUrl(type: ComponentType, file: string): string {
  return `https://public-flavor-logos.s3.eu-central-1.amazonaws.com/${type}/${file}`;
}

function dashed(name: string): string {
  return name.replaceAll("_", "-");
}
