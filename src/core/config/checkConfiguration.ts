import type { ZodType } from "zod";
import { parseJson } from "../border/parseJson";
import type { Component } from "../base/component";
import { parseSecretReference } from "../credentials/secretReference";
import { ImageBuilderError } from "../base/errors";
import { fieldsOf, isMarked, isStructured, takesReference, titleOf, type FieldSchema } from "./configFields";
import { plainIssues } from "../base/plainIssues";

/** Owner of a configuration's schema: a flavor, or a connector's kind. */
export interface Configurable<Config extends object> {
  readonly name: string;
  readonly configSchema: ZodType<Config>;
}

/**
 * Values of a configuration: as the user wrote them or, if `resolved`, with references replaced by secrets in plain
 * text.
 */
export interface ConfigurationValues extends Pick<Component, "name" | "configuration"> {
  readonly resolved?: boolean;
}

/** Problem that makes a configuration invalid. */
interface ConfigurationProblem {
  /** Path in the configuration; empty for the configuration as a whole. */
  readonly path: readonly PropertyKey[];
  /** Without a capital letter or a period; never contains a value. */
  readonly message: string;
  /** Whether the key is wrong, and not its value. */
  readonly isUnknownField?: boolean;
}

/** Limit on the reported problems of one configuration. */
const mostProblems = 50;

/** Result of a check. */
interface Checked<Config> {
  /** Result of the schema; usable only if there are no problems. */
  readonly config: Config | undefined;
  readonly problems: readonly ConfigurationProblem[];
  /** Sensitive fields with plain text, which is discouraged but not refused. */
  readonly plainSecrets: readonly string[];
  readonly cause: unknown;
}

/**
 * Checks a configuration with the flavor's schema and returns it frozen; references to secrets are not resolved.
 *
 * @param warn called for each sensitive field with plain text; by default, there is no warning
 * @throws ImageBuilderError `configurationInvalid`, naming the component and every wrong field, never a value
 */
export function checkConfiguration<Config extends object>(
  flavor: Configurable<Config>,
  values: ConfigurationValues,
  warn?: (message: string) => void,
): Readonly<Config> {
  const owner = `The configuration of "${values.name}" (flavor ${flavor.name})`;
  if (parseSecretReference(values.name))
    throw new ImageBuilderError(
      "configurationInvalid",
      `"${values.name}" is a secret reference and can't be used as a name. Enter the name itself.`,
    );
  const { config, problems, plainSecrets, cause } = check(flavor, values);
  if (config && problems.length === 0) {
    for (const field of plainSecrets)
      warn?.(
        `${owner} has "${field}" in plain text, which a future version will reject. ` +
          "Store it as a secret and use {{name.key}}.",
      );
    return freeze(config);
  }
  const told = problems.map(({ path, message, isUnknownField = false }) =>
    path.length > 0 && !isUnknownField ? `${path.join(".")}: ${message}` : message,
  );
  throw new ImageBuilderError("configurationInvalid", `${owner} is invalid: ${told.join("; ")}. Fix it in Settings.`, {
    cause,
  });
}

/** Returns all problems of a configuration, and its sensitive fields with plain text. */
export function configurationProblems(
  flavor: Configurable<object>,
  values: Omit<ConfigurationValues, "name">,
): Pick<Checked<object>, "problems" | "plainSecrets"> {
  return check(flavor, values);
}

function check<Config extends object>(
  { configSchema }: Configurable<Config>,
  values: Omit<ConfigurationValues, "name">,
): Checked<Config> {
  const { input, problems, plainSecrets } = readFields(configSchema, values);
  const fields = fieldsOf(configSchema) ?? {};
  const { data, error } = configSchema.safeParse(input, {
    error: plainIssues((field) => titleOf(String(field), fields[String(field)])),
  });
  for (const { code, path, message } of error?.issues ?? []) {
    // `readFields` reports these, also for schemas that accept unknown fields.
    if (code === "unrecognized_keys" && path.length === 0) continue;
    problems.push({ path, message });
  }
  return { config: data, problems: problems.slice(0, mostProblems), plainSecrets, cause: error };
}

interface Fields {
  /** Input of the schema: null is left out, JSON text is parsed. */
  readonly input: Record<string, unknown>;
  readonly problems: ConfigurationProblem[];
  readonly plainSecrets: string[];
}

function readFields(
  schema: FieldSchema,
  { configuration, resolved = false }: Omit<ConfigurationValues, "name">,
): Fields {
  const fields = fieldsOf(schema);
  const names = Object.keys(fields ?? {}).join(", ");
  const known = names === "" ? "no fields are supported" : `valid fields: ${names}`;
  const result: Fields = { input: {}, problems: [], plainSecrets: [] };
  for (const [key, value] of Object.entries(configuration)) {
    if (value === null || value === undefined) continue;
    const field = fields && Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (fields && !field)
      result.problems.push({ path: [key], message: `unknown field "${key}" (${known})`, isUnknownField: true });
    else readField(key, value, field, resolved, result);
  }
  return result;
}

function readField(
  key: string,
  value: unknown,
  field: FieldSchema | undefined,
  resolved: boolean,
  { input, problems, plainSecrets }: Fields,
): void {
  const refuse = (message: string): unknown => problems.push({ path: [key], message });
  input[key] = value;
  if (!field || typeof value !== "string") return;
  if (!resolved && parseSecretReference(value)) {
    if (!takesReference(field)) refuse("a secret reference can't be used here, because the value itself is checked");
  } else if (!resolved && isMarked(field, "sensitive")) {
    if (isMarked(field, "refusePlainText"))
      refuse("a plain-text secret is not allowed in settings: store it as a secret and use {{name.key}}");
    else plainSecrets.push(key);
  }
  if (!isStructured(field)) return;
  input[key] = parseJson(value);
  if (input[key] !== undefined) return;
  delete input[key];
  refuse("the text is not valid JSON");
}

function freeze<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.values(value).forEach(freeze);
  return Object.freeze(value);
}
