import * as z from "zod";
import { specSchema } from "./specSchema";
import type { SpecPath } from "./specNode";

/** Used part of the JSON Schema of image specs. */
export interface SpecJsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly SpecJsonSchema[];
  readonly items?: SpecJsonSchema | false;
  readonly properties?: Readonly<Record<string, SpecJsonSchema>>;
  readonly maxProperties?: number;
}

let made: SpecJsonSchema | undefined;

/** Returns the JSON Schema of image specs, in the draft that editors' YAML extensions support best. */
export function specJsonSchema(): SpecJsonSchema {
  made ??= z.toJSONSchema(specSchema, { io: "input", target: "draft-7" }) as SpecJsonSchema;
  return made;
}

/** Returns the schemas of a path: one or several variants. */
export function schemasAt(path: SpecPath): readonly SpecJsonSchema[] {
  return path.reduce<readonly SpecJsonSchema[]>(
    (schemas, step) =>
      schemas.flatMap((schema) =>
        variantsOf(typeof step === "number" ? schema.items || undefined : schema.properties?.[step]),
      ),
    variantsOf(specJsonSchema()),
  );
}

/** Returns the keys that are valid at a path. */
export function knownKeys(path: SpecPath): readonly string[] {
  return [...new Set(schemasAt(path).flatMap(({ properties = {} }) => Object.keys(properties)))].filter(
    (key) => !key.startsWith("$"),
  );
}

function variantsOf(schema: SpecJsonSchema | undefined): readonly SpecJsonSchema[] {
  return schema ? [schema, ...(schema.anyOf ?? []).flatMap(variantsOf)] : [];
}
