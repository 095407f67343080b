/** Formats a key with its value; returns undefined if the value is undefined. */
export function yamlLine(key: string, value: unknown, comment?: string): string | undefined {
  return value === undefined
    ? undefined
    : `${key}: ${yamlScalar(value)}${comment === undefined ? "" : `  # ${comment}`}\n`;
}

/** Formats a key with a mapping below it. */
export function yamlMapping(key: string, values: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(values).map(([field, value]) => `  ${yamlScalar(field)}: ${yamlScalar(value)}\n`);
  return lines.length === 0 ? `${key}: {}\n` : `${key}:\n${lines.join("")}`;
}

/** Formats a value as JSON, which is valid YAML; plain words get no quotes. */
function yamlScalar(value: unknown): string {
  if (
    typeof value === "string" &&
    /^[A-Za-z][\w./:+-]*$/.test(value) &&
    !/:$|^(true|false|null|yes|no|on|off)$/i.test(value)
  )
    return value;
  return JSON.stringify(value);
}
