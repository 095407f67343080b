import { configurationProblems, type Configurable } from "./checkConfiguration";
import { fieldsOf, isMarked, takesReference } from "./configFields";
import { configJsonSchema, type FieldJsonSchema } from "./configJsonSchema";

/** Kind of a field's input. */
export type FieldKind = "text" | "secret" | "choice" | "boolean" | "number" | "json";

/** One field of a configuration in a form. */
export interface FormField {
  readonly name: string;
  readonly kind: FieldKind;
  readonly description?: string;
  readonly required: boolean;
  readonly default?: unknown;
  /** Values of a choice. */
  readonly choices?: readonly unknown[];
  /** Type of a list's items, if they are texts or numbers. */
  readonly items?: "text" | "number";
  /** Whether the field accepts a `{{name.key}}` reference. */
  readonly takesReference: boolean;
}

/**
 * Returns the fields of a configuration, required fields first.
 *
 * @throws ImageBuilderError `flavorInvalid`, as `configJsonSchema`
 */
export function configForm(flavor: Configurable<object>): FormField[] {
  const { properties = {}, required = [] } = configJsonSchema(flavor);
  const schemas = fieldsOf(flavor.configSchema) ?? {};
  const fields = Object.entries(properties).map(([name, field]): FormField => {
    const schema = schemas[name];
    const isSecret = schema !== undefined && isMarked(schema, "sensitive");
    return {
      name,
      kind: isSecret ? "secret" : kindOf(field),
      description: field.description,
      required: required.includes(name),
      default: field.default,
      choices: choicesOf(field),
      ...itemsOf(field),
      takesReference: schema !== undefined && takesReference(schema),
    };
  });
  return fields.sort((a, b) => Number(b.required) - Number(a.required));
}

/**
 * Converts typed text to a field's value: parses numbers and JSON, and keeps other text as it is.
 *
 * @returns undefined for empty text, which means that the field is not set
 */
export function readTyped({ kind }: FormField, text: string): unknown {
  if (text === "") return undefined;
  if (kind === "number") return Number.isNaN(Number(text)) ? text : Number(text);
  if (kind !== "json") return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text; // The check reports that it is not JSON.
  }
}

/**
 * Returns the problem of one field as a sentence, even if other required fields are still missing; undefined if there
 * is none.
 */
export function fieldProblem(
  flavor: Configurable<object>,
  field: string,
  configuration: Readonly<Record<string, unknown>>,
): string | undefined {
  const problem = configurationProblems(flavor, { configuration }).problems.find(({ path }) => path[0] === field);
  return problem && `${problem.message.charAt(0).toUpperCase()}${problem.message.slice(1)}.`;
}

function kindOf(field: FieldJsonSchema): FieldKind {
  if (choicesOf(field)) return "choice";
  const types = typesOf(field);
  if (types.every((type) => type === "boolean")) return "boolean";
  if (types.every((type) => type === "number" || type === "integer")) return "number";
  return types.includes("string") ? "text" : "json";
}

function itemsOf(field: FieldJsonSchema): Pick<FormField, "items"> {
  const list = [field, ...(field.anyOf ?? [])].find(({ type }) => type === "array");
  if (!list?.items || choicesOf(list.items)) return {};
  const types = typesOf(list.items);
  if (types.includes("string")) return { items: "text" };
  return types.every((type) => type === "number" || type === "integer") ? { items: "number" } : {};
}

function choicesOf({ enum: values, const: only, anyOf }: FieldJsonSchema): readonly unknown[] | undefined {
  if (values) return values;
  if (only !== undefined) return [only];
  const options = anyOf?.filter(({ type }) => type !== "null").map(choicesOf) ?? [];
  return options.length > 0 && options.every((each) => each !== undefined) ? options.flat() : undefined;
}

/**
 * Returns the types of a field without null, which means that the field is not set; a field of any type counts as text.
 */
function typesOf(field: FieldJsonSchema): readonly string[] {
  const given = allTypesOf(field).filter((each) => each !== "null");
  return given.length > 0 ? given : ["string"];
}

function allTypesOf({ type, anyOf }: FieldJsonSchema): readonly string[] {
  return type === undefined ? (anyOf ?? []).flatMap(allTypesOf) : [type].flat();
}
