import type { Flag } from "./instruction";
import { unknownPart } from "./expandWord";

/** What a `--mount` of a RUN says, with variables replaced. */
export interface MountOptions {
  /** In lower case; `unknownPart` where it is not known. */
  readonly type: string;
  /** The stage or image that the files are of, as it is written: variables are not replaced in it. */
  readonly from?: string;
  readonly source: string;
  readonly target: string;
  readonly id: string;
  readonly env: string;
  /** `unknownPart` counts as false: the builder itself knows. */
  readonly isRequired: boolean;
}

const otherNames: Readonly<Record<string, string>> = { src: "source", dst: "target", destination: "target" };

/** Reads the mounts of an instruction. @see https://docs.docker.com/reference/dockerfile/#run---mount */
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

/** The id of a secret or an SSH agent that a mount asks for; empty where it names none. */
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
 * The fields of a line of CSV, where a field may be quoted as a whole. What is no CSV, which ends a build, is split at
 * commas.
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
