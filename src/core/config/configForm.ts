import { configurationProblems, type Configurable } from "./checkConfiguration";
import { fieldsOf, isMarked, takesReference } from "./configFields";
import { configJsonSchema, type FieldJsonSchema } from "./configJsonSchema";

/** How a field is asked for. */
export type FieldKind = "text" | "secret" | "choice" | "boolean" | "number" | "json";

/** One field of a configuration, for a person who fills it in. */
export interface FormField {
  readonly name: string;
  readonly kind: FieldKind;
  readonly description?: string;
  readonly required: boolean;
  readonly default?: unknown;
  /** The values of a choice. */
  readonly choices?: readonly unknown[];
  /** What a list holds, where it is texts or numbers. */
  readonly items?: "text" | "number";
  /** Whether a `{{name.key}}` reference may stand in it. */
  readonly takesReference: boolean;
}

/**
 * The fields of a configuration, those that are required first.
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
 * What a typed text means to a field: text as it stands, numbers and JSON read.
 *
 * @returns nothing for an empty text, which means that the field is not given
 */
export function readTyped({ kind }: FormField, text: string): unknown {
  if (text === "") return undefined;
  if (kind === "number") return Number.isNaN(Number(text)) ? text : Number(text);
  if (kind !== "json") return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text; // The check says that it is no JSON.
  }
}

/** What is wrong with one field of a configuration that may still lack others, as a sentence. */
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

/** Without null, which means that the field is not given; a field of any type is a text. */
function typesOf(field: FieldJsonSchema): readonly string[] {
  const given = allTypesOf(field).filter((each) => each !== "null");
  return given.length > 0 ? given : ["string"];
}

function allTypesOf({ type, anyOf }: FieldJsonSchema): readonly string[] {
  return type === undefined ? (anyOf ?? []).flatMap(allTypesOf) : [type].flat();
}
