import * as z from "zod";
import type { ComponentType } from "../components/component";
import { ImageBuilderError, messageOf } from "../errors";
import type { Flavor } from "./flavor";

/** What a JSON Schema says of one field. */
export interface FieldJsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly FieldJsonSchema[];
  readonly sensitive?: boolean;
}

/** What is used of a configuration's JSON Schema. */
export interface ConfigJsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, FieldJsonSchema>>;
  readonly required?: readonly string[];
}

const maxSchemaLength = 65_535;

/**
 * The JSON Schema of what a flavor's configuration may be given.
 *
 * @throws ImageBuilderError `flavorInvalid` when the schema cannot be told as one, or as one of at most 65,535 characters
 */
export function configJsonSchema(flavor: Pick<Flavor, "name" | "configSchema">): ConfigJsonSchema {
  const schema = toJsonSchema(flavor);
  const { length } = JSON.stringify(schema);
  if (length <= maxSchemaLength) return schema;
  throw new ImageBuilderError("flavorInvalid", `The schema of the flavor "${flavor.name}" has ${length} characters as JSON: at most ${maxSchemaLength} are possible.`);
}

function toJsonSchema({ name, configSchema }: Pick<Flavor, "name" | "configSchema">): ConfigJsonSchema {
  try {
    return z.toJSONSchema(configSchema, { io: "input", unrepresentable: "any" }) as ConfigJsonSchema;
  } catch (error) {
    throw new ImageBuilderError("flavorInvalid", `The schema of the flavor "${name}" cannot be told as JSON Schema (${messageOf(error)}): make it with zod.`, { cause: error });
  }
}

/** A flavor in words, for a person who chooses one. */
export interface FlavorDescription extends Pick<Flavor, "name" | "displayName" | "description" | "docsUrl" | "sdkDocsUrl" | "logoUrl"> {
  readonly type: ComponentType;
  readonly fields: readonly (FieldJsonSchema & { readonly name: string; readonly required: boolean })[];
  /** Which connector can supply its credentials, as a sentence. */
  readonly connectorSupport: string;
}

/** @throws ImageBuilderError `flavorInvalid`, as `configJsonSchema` */
export function describeFlavor(flavor: Flavor): FlavorDescription {
  const { name, type, displayName, description, docsUrl, sdkDocsUrl, logoUrl } = flavor;
  const { properties = {}, required = [] } = configJsonSchema(flavor);
  const fields = Object.entries(properties).map(([field, schema]) => ({ ...schema, name: field, required: required.includes(field) }));
  return { name, type, displayName, description, docsUrl, sdkDocsUrl, logoUrl, fields, connectorSupport: connectorSupport(flavor) };
}

function connectorSupport({ serviceConnectorRequirements: requirements }: Flavor): string {
  if (!requirements) return "It takes no service connector.";
  const kind = requirements.connectorType ? `a service connector of type "${requirements.connectorType}"` : "any service connector";
  return `It takes ${kind} for the resource type "${requirements.resourceType}".`;
}
