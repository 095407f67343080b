import * as z from "zod";
import { ImageBuilderError, messageOf } from "../base/errors";
import type { Configurable } from "./checkConfiguration";

/** What a JSON Schema says of one field. */
export interface FieldJsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly FieldJsonSchema[];
  readonly items?: FieldJsonSchema;
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
 * @throws ImageBuilderError `flavorInvalid` when the schema cannot be told as one, or as one of at most 65,535
 * characters
 */
export function configJsonSchema(flavor: Configurable<object>): ConfigJsonSchema {
  const schema = toJsonSchema(flavor);
  const { length } = JSON.stringify(schema);
  if (length <= maxSchemaLength) return schema;
  throw new ImageBuilderError(
    "flavorInvalid",
    `The schema of the flavor "${flavor.name}" has ${length} characters as JSON; the maximum is ${maxSchemaLength}.`,
  );
}

function toJsonSchema({ name, configSchema }: Configurable<object>): ConfigJsonSchema {
  try {
    return z.toJSONSchema(configSchema, { io: "input", unrepresentable: "any" }) as ConfigJsonSchema;
  } catch (error) {
    throw new ImageBuilderError(
      "flavorInvalid",
      `Can't convert the schema of the flavor "${name}" to JSON Schema (${messageOf(error)}). Create it with zod.`,
      { cause: error },
    );
  }
}
