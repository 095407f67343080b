/** A line of a requirements file, with those that a backslash joins to it. */
export interface RequirementLine {
  /** From 1. */
  readonly line: number;
  readonly text: string;
  /** The option that it begins with, in its long form; nothing for a package. */
  readonly option: string | undefined;
  /** Value of the option, or the package. */
  readonly value: string;
}

const longForms: Readonly<Record<string, string>> = {
  "-r": "--requirement",
  "-c": "--constraint",
  "-e": "--editable",
  "-f": "--find-links",
  "-i": "--index-url",
};

/**
 * Returns the lines of a requirements file that say something.
 *
 * @see https://pip.pypa.io/en/stable/reference/requirements-file-format/
 */
export function requirementLines(content: string): RequirementLine[] {
  const found: RequirementLine[] = [];
  let joined = "";
  let first = 1;
  for (const [at, raw] of content.split(/\r?\n/).entries()) {
    if (joined === "") first = at + 1;
    if (raw.endsWith("\\")) {
      joined += raw.slice(0, -1);
      continue;
    }
    const text = withoutComment(joined + raw);
    joined = "";
    if (text !== "") found.push({ line: first, text, ...partsOf(text) });
  }
  const rest = withoutComment(joined);
  return rest === "" ? found : [...found, { line: first, text: rest, ...partsOf(rest) }];
}

/** A `#` begins a comment at the start of a line, and after white space. */
function withoutComment(text: string): string {
  const at = text.startsWith("#") ? 0 : text.search(/\s#/);
  return (at < 0 ? text : text.slice(0, at)).trim();
}

function partsOf(text: string): Pick<RequirementLine, "option" | "value"> {
  const [long] = /^--[a-z-]+/.exec(text) ?? [];
  if (long !== undefined) return { option: long, value: valueAfter(text.slice(long.length)) };
  const short = longForms[text.slice(0, 2)];
  return short === undefined ? { option: undefined, value: text } : { option: short, value: valueAfter(text.slice(2)) };
}

/** Returns the value of an option, after white space or an equals sign. */
function valueAfter(rest: string): string {
  const value = rest.trim();
  return unquoted(value.startsWith("=") ? value.slice(1) : value);
}

function unquoted(text: string): string {
  const value = text.trim();
  const [quote = ""] = value;
  return value.length > 1 && (quote === '"' || quote === "'") && value.endsWith(quote) ? value.slice(1, -1) : value;
}

/**
 * Whether a requirement, or an option's value, is a path on the machine that installs it: a folder, or a file of a
 * package.
 */
export function isLocalRequirement(value: string): boolean {
  const address = addressIn(value);
  const place = (address ?? value).split(";", 1)[0]?.trim() ?? "";
  if (/^file:/i.test(place)) return true;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(place) || place.startsWith("$")) return false;
  if (/^(?:\.{1,2}(?:$|[\\/[])|[\\/~]|[A-Za-z]:[\\/])/.test(place)) return true;
  return address !== undefined || /\.(?:whl|zip|tar\.gz|tgz|tar\.bz2)$/i.test(place) || /^[\w.-]+[\\/]/.test(place);
}

/** Returns the address of a requirement such as `name[extra] @ address`. */
function addressIn(value: string): string | undefined {
  const at = value.indexOf("@");
  const name = at < 0 ? "" : value.slice(0, at).trim();
  const bracket = name.indexOf("[");
  const plain = (bracket < 0 ? name : name.slice(0, bracket)).trim();
  return /^[A-Za-z0-9][\w.-]*$/.test(plain) ? value.slice(at + 1).trim() : undefined;
}
