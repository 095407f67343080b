import { imageNameProblem } from "./imageReference";

/** Source of a named build context. */
export type ContextSource =
  /** Path of a folder: absolute, relative, or starting with `~/`. */
  | { readonly kind: "folder"; readonly path: string }
  /** Name of an image. */
  | { readonly kind: "image"; readonly name: string }
  /** Address that the daemon fetches. */
  | { readonly kind: "remote"; readonly address: string };

/** Maximum length of a source, in characters. */
const longest = 4096;

/**
 * Parses the source of a named build context, as buildx does; returns what is wrong with it as the end of a sentence.
 */
export function contextSource(text: string): ContextSource | string {
  if (text === "" || text.length > longest || /\p{Cc}/u.test(text))
    return `must be a folder or an address of at most ${longest} characters, without control characters`;
  if (text.startsWith("git@")) return { kind: "remote", address: text };
  const [, scheme, rest = ""] = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/(.*)$/s.exec(text) ?? [];
  switch (scheme) {
    case undefined:
      return { kind: "folder", path: text };
    case "docker-image":
      return rest === "scratch" || imageNameProblem(rest) === undefined
        ? { kind: "image", name: rest }
        : 'must have a valid image name after "docker-image://"';
    case "git":
    case "http":
    case "https":
      return rest === "" ? "must contain a host" : { kind: "remote", address: text };
    case "oci-layout":
      return 'cannot be an OCI layout. Load the layout with "docker load" or push it, and use "docker-image://<name>"';
    default:
      return "must be a folder, docker-image://<name>, https://… or git@…";
  }
}

/** Parameters of a repository's address that BuildKit reads; the others are for the server, and may be tokens. */
export const gitParameters: ReadonlySet<string> = new Set([
  "ref",
  "tag",
  "branch",
  "commit",
  "checksum",
  "subdir",
  "keep-git-dir",
  "submodules",
]);

/**
 * Returns the address to show, with `***` for its login and the values of a server's own parameters: they may be
 * passwords or tokens, and a login may look like another host.
 */
export function shownAddress(address: string): string {
  return withParameters(address, (name) => [`${name}=***`]).replace(
    /^([A-Za-z][A-Za-z0-9+.-]*:\/\/)[^/?#]*@/,
    "$1***@",
  );
}

/** Returns the address as it may be kept on disk: without its login and without a server's own parameters. */
export function keptAddress(address: string): string {
  return withoutLogins(withParameters(address, () => []));
}

/** Returns a text without the logins in the URLs that it contains. */
export function withoutLogins(text: string): string {
  return text.replace(/([A-Za-z][A-Za-z0-9+.-]{0,30}:\/\/)[^/?#\s]*@/g, "$1");
}

/** Replaces each parameter that BuildKit doesn't read. @param instead returns the parameters to use in its place */
function withParameters(address: string, instead: (name: string) => string[]): string {
  const [, before = "", query, after = ""] = /^([A-Za-z]+:\/\/[^?#]*)\?([^#]*)(.*)$/s.exec(address) ?? [];
  if (query === undefined) return address;
  const parameters = query.split("&").flatMap((parameter) => {
    const [name = "", ...value] = parameter.split("=");
    return value.length === 0 || gitParameters.has(name) ? [parameter] : instead(name);
  });
  return `${before}${parameters.length > 0 ? "?" : ""}${parameters.join("&")}${after}`;
}

/** Returns the names of the images that named build contexts use, except `scratch`. */
export function contextImages(contexts: Readonly<Record<string, string>> = {}): string[] {
  return sourcesOf(contexts).flatMap((source) =>
    source.kind === "image" && source.name !== "scratch" ? source.name : [],
  );
}

/** Checks whether the daemon fetches a named build context from a repository or a web server. */
export function fetchesContext(contexts: Readonly<Record<string, string>> = {}): boolean {
  return sourcesOf(contexts).some(({ kind }) => kind === "remote");
}

function sourcesOf(contexts: Readonly<Record<string, string>>): ContextSource[] {
  return Object.values(contexts)
    .map(contextSource)
    .filter((source) => typeof source !== "string");
}
