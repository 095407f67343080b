import type * as z from "zod";

type Issue = z.core.$ZodRawIssue;

const types: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  bigint: "a whole number",
  boolean: "true or false",
  array: "a list",
  tuple: "a list",
  set: "a list",
  object: "an object",
  record: "an object",
  map: "an object",
  date: "a date",
};
const formats: Readonly<Record<string, string>> = {
  email: "an email address",
  url: "a web address",
  uuid: "a UUID",
  guid: "a UUID",
  date: "a date",
  datetime: "a date and time",
  time: "a time",
  ipv4: "an IPv4 address",
  ipv6: "an IPv6 address",
  base64: "base64-encoded text",
};
const units: Readonly<Record<string, string>> = { string: "characters", array: "items", set: "items", map: "entries" };

/**
 * Words what a schema finds wrong for the reader of a configuration, without a capital, a full stop, or a value. A
 * schema's own words go first.
 *
 * @param titleOf what a field of the configuration is called
 */
export function plainIssues(titleOf: (field: PropertyKey) => string): (issue: Issue) => string | undefined {
  return (issue) => {
    switch (issue.code) {
      case "invalid_type":
        if (issue.input !== undefined) return `must be ${types[issue.expected] ?? `of the type "${issue.expected}"`}`;
        return issue.path?.length === 1 ? `"${titleOf(issue.path[0] ?? "")}" is missing` : "a value is missing";
      case "invalid_value":
        return missing(issue, titleOf) ?? `must be ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}`;
      case "invalid_union":
        return missing(issue, titleOf) ?? "has a value of an unsupported type";
      case "too_small":
        return issue.origin === "string" && Number(issue.minimum) === 1
          ? "must not be empty"
          : bounded(issue.origin, issue.inclusive === false ? "more than" : "at least", issue.minimum);
      case "too_big":
        return bounded(issue.origin, issue.inclusive === false ? "less than" : "at most", issue.maximum);
      case "not_multiple_of":
        return `must be a multiple of ${issue.divisor}`;
      case "invalid_format":
        return formatOf(issue);
      case "unrecognized_keys":
        return `has unknown fields: ${issue.keys.map((key) => `"${key}"`).join(", ")}`;
      case "invalid_key":
        return "has an invalid key";
      case "invalid_element":
        return "has an invalid item";
      default:
        return "is not valid";
    }
  };
}

function missing({ input, path = [] }: Issue, titleOf: (field: PropertyKey) => string): string | undefined {
  const [field] = path;
  return input === undefined && path.length === 1 && field !== undefined ? `"${titleOf(field)}" is missing` : undefined;
}

function bounded(origin: string, how: string, limit: number | bigint): string {
  const unit = units[origin];
  return unit === undefined ? `must be ${how} ${limit}` : `must have ${how} ${limit} ${unit}`;
}

function formatOf({
  format,
  pattern,
  ...more
}: { readonly format: string; readonly pattern?: string } & Readonly<Record<string, unknown>>): string {
  const { prefix, suffix, includes } = more;
  if (typeof prefix === "string") return `must begin with "${prefix}"`;
  if (typeof suffix === "string") return `must end with "${suffix}"`;
  if (typeof includes === "string") return `must contain "${includes}"`;
  if (pattern !== undefined && format === "regex") return `must match the pattern ${pattern}`;
  return `must be ${formats[format] ?? `in the format "${format}"`}`;
}
