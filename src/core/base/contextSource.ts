import { isDigest } from "./digest";
import { imageNameProblem } from "./imageReference";

/** Source of a named build context. */
export type ContextSource =
  /** Path of a folder: absolute, relative, or starting with `~/`. */
  | { readonly kind: "folder"; readonly path: string }
  /** Name of an image. */
  | { readonly kind: "image"; readonly name: string }
  /** Path of the folder of an OCI image layout, as of a folder, and the image in it; default is the tag `latest`. */
  | { readonly kind: "layout"; readonly path: string; readonly tag?: string; readonly digest?: string }
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
      return layoutSource(rest);
    default:
      return "must be a folder, docker-image://<name>, oci-layout://<folder>, https://… or git@…";
  }
}

/** Reads `path[:tag][@digest]`. A colon with a separator behind it belongs to the path, as in `C:\\layout`. */
function layoutSource(text: string): ContextSource | string {
  const at = text.lastIndexOf("@");
  const digest = at < 0 ? undefined : text.slice(at + 1);
  if (digest !== undefined && !isDigest(digest)) return 'must have a digest such as "sha256:…" after "@"';
  const [, path = "", tag] =
    /^(.*?)(?::([A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?$/s.exec(at < 0 ? text : text.slice(0, at)) ?? [];
  return path === "" ? 'must have a folder after "oci-layout://"' : { kind: "layout", path, tag, digest };
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
