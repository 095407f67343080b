import type { ComponentType } from "../base/component";
import { configJsonSchema, type FieldJsonSchema } from "../config/configJsonSchema";
import type { Flavor } from "./flavor";

/** A flavor in words, for a person who chooses one. */
export interface FlavorDescription extends Pick<
  Flavor,
  "name" | "displayName" | "description" | "docsUrl" | "sdkDocsUrl" | "logoUrl"
> {
  readonly type: ComponentType;
  readonly fields: readonly (FieldJsonSchema & { readonly name: string; readonly required: boolean })[];
  /** Which connector can supply its credentials, as a sentence. */
  readonly connectorSupport: string;
}

/** @throws ImageBuilderError `flavorInvalid`, as `configJsonSchema` */
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
