import * as z from "zod";

/** One field of a configuration's schema. */
export type FieldSchema = z.core.$ZodType;

type Definition = z.core.$ZodTypes["_zod"]["def"];

/**
 * A text that is a secret: shown masked, best given as `{{name.key}}`; in plain text it is refused, or only warned
 * about.
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

/** A text that may not be a `{{name.key}}` reference (ZenML's `ClearTextField`). */
export function clearTextField(description: string): z.ZodString {
  return z.string().min(1).meta({ description, preventSecretReference: true });
}

/** The fields of an object's schema, also of one that is refined or transformed; nothing where it is no object. */
export function fieldsOf(schema: FieldSchema): Readonly<Record<string, FieldSchema>> | undefined {
  const definition = definitionOf(innermost(schema));
  return definition.type === "object" ? definition.shape : undefined;
}

const longestTitle = 80;

/** What a person calls a field: its title, else its description, else its name. */
export function titleOf(name: string, field: FieldSchema | undefined): string {
  const told = (field ? layersOf(field) : []).map((layer) => z.globalRegistry.get(layer));
  const titles = [...told.map((each) => each?.title), ...told.map((each) => each?.description)];
  return titles.find((each) => each !== undefined && each !== "" && each.length <= longestTitle) ?? name;
}

/** Whether the schema, or one it wraps, carries a mark such as `sensitive`. */
export function isMarked(
  field: FieldSchema,
  mark: "sensitive" | "refusePlainText" | "preventSecretReference",
): boolean {
  return layersOf(field).some((layer) => z.globalRegistry.get(layer)?.[mark] === true);
}

/**
 * Whether a reference may stand in the field: in a text that nothing else is asked of, since the reference would be
 * checked in its place.
 */
export function takesReference(field: FieldSchema): boolean {
  if (isMarked(field, "preventSecretReference") || layersOf(field).some((layer) => definitionOf(layer).type === "pipe"))
    return false;
  const base = innermost(field);
  const checks = definitionOf(base).checks ?? [];
  return definitionOf(base).type === "string" && checks.every((check) => check._zod.def.check === "min_length");
}

/** Whether the field holds a list or a map and never a text, so that a text in it must be JSON. */
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

/** The schema and what it wraps, from the outside in; of a transformation, what goes in. */
function layersOf(schema: FieldSchema): FieldSchema[] {
  const definition = definitionOf(schema);
  if (definition.type === "pipe") return [schema, ...layersOf(definition.in)];
  return "innerType" in definition ? [schema, ...layersOf(definition.innerType)] : [schema];
}

function definitionOf(schema: FieldSchema): Definition {
  return schema._zod.def as Definition;
}
