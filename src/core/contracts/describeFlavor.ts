import type { ComponentType } from "../base/component";
import { configJsonSchema, type FieldJsonSchema } from "../config/configJsonSchema";
import type { Flavor } from "./flavor";

/** Description of a flavor, for the user's choice. */
export interface FlavorDescription extends Pick<
  Flavor,
  "name" | "displayName" | "description" | "docsUrl" | "sdkDocsUrl" | "logoUrl"
> {
  readonly type: ComponentType;
  readonly fields: readonly (FieldJsonSchema & { readonly name: string; readonly required: boolean })[];
  /** Supported connectors, as a sentence. */
  readonly connectorSupport: string;
}

/**
 * Describes a flavor with its configuration fields. @throws ImageBuilderError `flavorInvalid`, like `configJsonSchema`
 */
export function describeFlavor(flavor: Flavor): FlavorDescription {
  const { name, type, displayName, description, docsUrl, sdkDocsUrl, logoUrl } = flavor;
  const { properties = {}, required = [] } = configJsonSchema(flavor);
  const fields = Object.entries(properties).map(([field, schema]) => ({
    ...schema,
    name: field,
    required: required.includes(field),
  }));
  return {
    name,
    type,
    displayName,
    description,
    docsUrl,
    sdkDocsUrl,
    logoUrl,
    fields,
    connectorSupport: connectorSupport(flavor),
  };
}

function connectorSupport({ serviceConnectorRequirements: requirements }: Flavor): string {
  if (!requirements) return "Connectors are not supported.";
  const kind = requirements.connectorType ? `a connector of type "${requirements.connectorType}"` : "any connector";
  return `Supports ${kind} for the resource type "${requirements.resourceType}".`;
}
