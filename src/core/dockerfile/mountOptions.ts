import type { Flag } from "./instruction";
import { unknownPart } from "./expandWord";

/** Options of a RUN's `--mount`, with variables replaced. */
export interface MountOptions {
  /** Lowercase; `unknownPart` if it is unknown. */
  readonly type: string;
  /** Stage or image of the files, as written, because variables are not replaced in it. */
  readonly from?: string;
  readonly source: string;
  readonly target: string;
  readonly id: string;
  readonly env: string;
  /** False for `unknownPart`, because only the builder knows the value. */
  readonly isRequired: boolean;
}

const otherNames: Readonly<Record<string, string>> = { src: "source", dst: "target", destination: "target" };

/**
 * Returns the mounts in an instruction's flags.
 *
 * @see https://docs.docker.com/reference/dockerfile/#run---mount
 */
export function mountsIn(
  flags: readonly Flag[],
  expand: (word: string) => string,
): (MountOptions & { readonly flag: Flag })[] {
  return flags
    .filter(({ name, value }) => name === "mount" && value !== undefined)
    .map((flag) => ({ ...readMount(flag.value ?? "", expand), flag }));
}

function readMount(text: string, expand: (word: string) => string): MountOptions {
  const options = new Map<string, string>();
  for (const field of csvFields(text)) {
    const equals = field.indexOf("=");
    const name = (equals < 0 ? field : field.slice(0, equals)).toLowerCase();
    const value = equals < 0 ? (name === "required" ? "true" : "") : field.slice(equals + 1);
    options.set(otherNames[name] ?? name, name === "from" ? value : expand(value));
  }
  const type = (options.get("type") ?? "bind").toLowerCase();
  return {
    type: type.includes(unknownPart) ? unknownPart : type,
    from: options.get("from") || undefined,
    source: options.get("source") ?? "",
    target: options.get("target") ?? "",
    id: options.get("id") ?? "",
    env: options.get("env") ?? "",
    isRequired: /^(?:1|t|true)$/i.test(options.get("required") ?? ""),
  };
}

/** Returns the id of the secret or SSH agent that a mount requests; empty if it specifies none. */
export function mountId({ source, target, id, env }: MountOptions, type: "secret" | "ssh"): string {
  if (type === "ssh") return id || "default";
  return (
    source ||
    id ||
    target
      .split("/")
      .filter((part) => part !== "")
      .at(-1) ||
    env
  );
}

/**
 * Returns the fields of a CSV line, in which a field may be quoted as a whole. Invalid CSV, which fails the build, is
 * split at commas.
 */
export function csvFields(line: string): string[] {
  const fields: string[] = [];
  for (let at = 0; at <= line.length; at++) {
    if (line.charAt(at) !== '"') {
      const comma = line.indexOf(",", at);
      const end = comma < 0 ? line.length : comma;
      fields.push(line.slice(at, end));
      at = end;
      continue;
    }
    let field = "";
    for (at++; at < line.length; at++) {
      if (line.charAt(at) === '"' && line.charAt(++at) !== '"') break;
      field += line.charAt(at);
    }
    if (at < line.length && line.charAt(at) !== ",") return line.split(",").map((part) => part.replaceAll('"', ""));
    fields.push(field);
  }
  return fields;
}
