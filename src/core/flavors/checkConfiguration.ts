import type { Component, ComponentType } from "../components/component";
import { parseSecretReference } from "../credentials/secretReference";
import { ImageBuilderError } from "../errors";
import { fieldsOf, isMarked, isStructured, takesReference, type FieldSchema } from "./configFields";
import type { Flavor } from "./flavor";

/** What a configuration is checked by: a flavor, or a connector's kind. */
export type Configurable<Config extends object> = Pick<Flavor<ComponentType, Config>, "name" | "configSchema">;

/** What is known of the values: as the user wrote them, or with references resolved, which then are secrets in plain text. */
export interface ConfigurationValues extends Pick<Component, "name" | "configuration"> {
  readonly resolved?: boolean;
}

/**
 * The configuration, checked by the flavor's schema and frozen; references to secrets stay as they are.
 *
 * @param warn is told of each sensitive field that is given in plain text; nobody is, by default
 * @throws ImageBuilderError `configurationInvalid`, naming the component and every wrong field, never a value
 */
export function checkConfiguration<Config extends object>(flavor: Configurable<Config>, values: ConfigurationValues, warn?: (message: string) => void): Readonly<Config> {
  const owner = `The configuration of "${values.name}" (flavor ${flavor.name})`;
  if (parseSecretReference(values.name)) throw new ImageBuilderError("configurationInvalid", `"${values.name}" refers to a secret and cannot be a name: write the name itself.`);
  const { input, problems, plainSecrets } = readFields(flavor.configSchema, values);
  const checked = flavor.configSchema.safeParse(input);
  const issues = checked.error?.issues ?? [];
  for (const { code, path, message } of issues) {
    if (code === "unrecognized_keys" && path.length === 0) continue; // told above, for schemas that would let them pass too
    problems.push(path.length > 0 ? `${path.join(".")}: ${message}` : message);
  }
  if (checked.success && problems.length === 0) {
    for (const field of plainSecrets) warn?.(`${owner} has "${field}" in plain text, which will be refused one day: store it as a secret and write {{name.key}}.`);
    return freeze(checked.data);
  }
  throw new ImageBuilderError("configurationInvalid", `${owner} is not valid: ${problems.join("; ")}. Mend it in the settings.`, { cause: checked.error });
}

interface Fields {
  /** What the schema is given: null is left out, JSON text is read. */
  readonly input: Record<string, unknown>;
  readonly problems: string[];
  readonly plainSecrets: string[];
}

function readFields(schema: FieldSchema, { configuration, resolved = false }: ConfigurationValues): Fields {
  const fields = fieldsOf(schema);
  const result: Fields = { input: {}, problems: [], plainSecrets: [] };
  for (const [key, value] of Object.entries(configuration)) {
    if (value === null || value === undefined) continue;
    const field = fields && Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (fields && !field) result.problems.push(`there is no field "${key}" (there are: ${Object.keys(fields).join(", ") || "none"})`);
    else readField(key, value, field, resolved, result);
  }
  return result;
}

function readField(key: string, value: unknown, field: FieldSchema | undefined, resolved: boolean, { input, problems, plainSecrets }: Fields): void {
  input[key] = value;
  if (!field || typeof value !== "string") return;
  if (!resolved && parseSecretReference(value)) {
    if (!takesReference(field)) problems.push(`${key}: a reference to a secret is not possible here, since the value itself is checked`);
  } else if (!resolved && isMarked(field, "sensitive")) {
    if (isMarked(field, "refusePlainText")) problems.push(`${key}: a secret does not belong into settings: store it and write {{name.key}}`);
    else plainSecrets.push(key);
  }
  if (!isStructured(field)) return;
  try {
    input[key] = JSON.parse(value);
  } catch {
    delete input[key];
    problems.push(`${key}: the text is no valid JSON`);
  }
}

function freeze<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.values(value).forEach(freeze);
  return Object.freeze(value);
}
