/**
 * Whether a text is a valid pip requirement: a PyPI name, extras, versions or an address, and a marker.
 *
 * @see https://packaging.python.org/en/latest/specifications/dependency-specifiers/
 */
export function isPipSpecifier(text: string): boolean {
  const semicolon = text.indexOf(";");
  const requirement = semicolon < 0 ? text : text.slice(0, semicolon);
  const isOneLine = semicolon < 0 || !/[\r\n]/.test(text.slice(semicolon));
  const [name = ""] = /^[A-Za-z0-9][A-Za-z0-9._-]*/.exec(requirement) ?? [];
  if (!isOneLine || !/[A-Za-z0-9]$/.test(name)) return false;
  const rest = withoutExtras(requirement.slice(name.length).trim());
  if (rest === undefined) return false;
  return rest === "" || (rest.startsWith("@") ? /^\S+$/.test(rest.slice(1).trim()) : areVersions(rest));
}

/** Returns the text after the extras in brackets, if any; undefined if the extras are invalid. */
function withoutExtras(text: string): string | undefined {
  if (!text.startsWith("[")) return text;
  const close = text.indexOf("]");
  return close >= 0 && /^[\w\s,.-]*$/.test(text.slice(1, close)) ? text.slice(close + 1).trim() : undefined;
}

/** Whether a text is a comma-separated list of versions, which may be in parentheses. */
function areVersions(text: string): boolean {
  const opened = text.startsWith("(") ? text.slice(1) : text;
  const closed = (opened.endsWith(")") ? opened.slice(0, -1) : opened).trim();
  const versions = closed.endsWith(",") ? closed.slice(0, -1) : closed;
  return versions.split(",").every((version) => /^(?:===?|~=|!=|<=?|>=?)\s*[\w.*+!-]+$/.test(version.trim()));
}
