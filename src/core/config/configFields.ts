import * as z from "zod";

/** Schema of one field of a configuration. */
export type FieldSchema = z.core.$ZodType;

type Definition = z.core.$ZodTypes["_zod"]["def"];

/**
 * Creates a field for a secret: shown masked, preferably a reference `{{name.key}}`; plain text is refused, or only
 * causes a warning.
 */
export function secretField({
  plainText,
  description,
}: {
  readonly plainText: "warned" | "refused";
  readonly description: string;
}): z.ZodString {
  return z
    .string()
    .min(1)
    .meta({ description, sensitive: true, ...(plainText === "refused" && { refusePlainText: true }) });
}

/** Creates a text field that can't be a `{{name.key}}` reference (ZenML's `ClearTextField`). */
export function clearTextField(description: string): z.ZodString {
  return z.string().min(1).meta({ description, preventSecretReference: true });
}

/** Returns the fields of an object's schema, also if it is refined or transformed; undefined for other schemas. */
export function fieldsOf(schema: FieldSchema): Readonly<Record<string, FieldSchema>> | undefined {
  const definition = definitionOf(innermost(schema));
  return definition.type === "object" ? definition.shape : undefined;
}

const longestTitle = 80;

/** Returns a field's label: its title, otherwise its description, otherwise its name. */
export function titleOf(name: string, field: FieldSchema | undefined): string {
  const told = (field ? layersOf(field) : []).map((layer) => z.globalRegistry.get(layer));
  const titles = [...told.map((each) => each?.title), ...told.map((each) => each?.description)];
  return titles.find((each) => each !== undefined && each !== "" && each.length <= longestTitle) ?? name;
}

/** Checks whether the schema, or one that it wraps, has a mark such as `sensitive`. */
export function isMarked(
  field: FieldSchema,
  mark: "sensitive" | "refusePlainText" | "preventSecretReference",
): boolean {
  return layersOf(field).some((layer) => z.globalRegistry.get(layer)?.[mark] === true);
}

/**
 * Checks whether the field accepts a reference: only a string without checks other than a minimum length does, because
 * a check would apply to the reference instead of the value.
 */
export function takesReference(field: FieldSchema): boolean {
  if (isMarked(field, "preventSecretReference") || layersOf(field).some((layer) => definitionOf(layer).type === "pipe"))
    return false;
  const base = innermost(field);
  const checks = definitionOf(base).checks ?? [];
  return definitionOf(base).type === "string" && checks.every((check) => check._zod.def.check === "min_length");
}

/** Checks whether the field is a list or a map and never a string, so that a string in it must be JSON. */
export function isStructured(field: FieldSchema): boolean {
  const definition = definitionOf(innermost(field));
  if (definition.type === "union")
    return (
      definition.options.some(isStructured) &&
      !definition.options.some((option) => definitionOf(innermost(option)).type === "string")
    );
  return ["object", "array", "record", "map", "set", "tuple"].includes(definition.type);
}

function innermost(schema: FieldSchema): FieldSchema {
  return layersOf(schema).at(-1) ?? schema;
}

/** Returns the schema and the schemas that it wraps, from the outside in; for a transformation, its input. */
function layersOf(schema: FieldSchema): FieldSchema[] {
  const definition = definitionOf(schema);
  if (definition.type === "pipe") return [schema, ...layersOf(definition.in)];
  return "innerType" in definition ? [schema, ...layersOf(definition.innerType)] : [schema];
}

function definitionOf(schema: FieldSchema): Definition {
  return schema._zod.def as Definition;
}
