import * as z from "zod";
import { ImageBuilderError, messageOf } from "../base/errors";
import type { Configurable } from "./checkConfiguration";

/** Used part of one field's JSON Schema. */
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

/** Used part of a configuration's JSON Schema. */
export interface ConfigJsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, FieldJsonSchema>>;
  readonly required?: readonly string[];
}

const maxSchemaLength = 65_535;

/**
 * Returns the JSON Schema of a flavor's configuration as it is entered.
 *
 * @throws ImageBuilderError `flavorInvalid` if the schema can't be converted, or has more than 65,535 characters as
 * JSON
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
