import { checkedDigest, isDigest } from "./digest";
import { ImageBuilderError } from "./errors";
import { sanitizeImageName } from "./sanitizeName";
import { withoutEnd } from "./trimText";

/**
 * Parsed image name, normalized as in Docker: `app` is `docker.io/library/app`.
 *
 * @see https://github.com/distribution/reference
 */
export interface ImageReference {
  /** Registry host with its port; `docker.io` if the name contains none. */
  readonly host: string;
  /** Repository below the host, `library/…` for Docker Hub's official images. */
  readonly path: string;
  /** `host/path`, without tag and digest. */
  readonly name: string;
  readonly tag?: string;
  /** `sha256:…` or `sha512:…`. */
  readonly digest?: string;
}

const dockerHub = "docker.io";
const dockerHubAliases = new Set([dockerHub, "index.docker.io", "registry-1.docker.io"]);
const hostLabel = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
const hostPattern = new RegExp(`^(?:${hostLabel}(?:\\.${hostLabel})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?$`);
const componentPattern = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const imageIdPattern = /^[0-9a-f]{64}$/;
const maxNameLength = 255;
const maxTagLength = 128;
/** Longer than any name with tag and digest, in characters; regular expressions fail on texts of several megabytes. */
const maxTextLength = 4_096;

/**
 * Parses an image name.
 *
 * @throws ImageBuilderError `imageNameInvalid`, with the exact reason
 */
export function parseImageReference(text: string): ImageReference {
  const parsed = parse(text);
  if (typeof parsed === "string")
    throw new ImageBuilderError(
      "imageNameInvalid",
      `"${text.slice(0, maxTextLength)}" is not a valid image name. ${parsed}`,
    );
  return parsed;
}

/** Checks whether a text is an image name with a digest. */
export function isRepoDigest(text: string): boolean {
  return text.includes("@") && imageNameProblem(text) === undefined;
}

/**
 * Checks a `name@digest` that comes from outside.
 *
 * @param from subject of the error message: the sender
 * @throws ImageBuilderError `digestInvalid`
 */
export function checkedRepoDigest(value: unknown, from: string): string {
  const text = typeof value === "string" ? value : "";
  checkedDigest(text.slice(text.lastIndexOf("@") + 1), from);
  if (isRepoDigest(text)) return text;
  throw new ImageBuilderError(
    "digestInvalid",
    `${from} returned a digest without a valid image name. Do not use the image.`,
  );
}

/** Checks whether a text is a valid tag. */
export function isTag(text: string): boolean {
  return tagPattern.test(text);
}

/** Returns why `text` is not an image name, as a sentence with the remedy; undefined if it is one. */
export function imageNameProblem(text: string): string | undefined {
  const parsed = parse(text);
  return typeof parsed === "string" ? parsed : undefined;
}

/** Returns the full name, `host/path[:tag][@digest]`. */
export function qualifiedName(reference: ImageReference): string {
  return reference.name + suffixOf(reference);
}

/** Returns the name as Docker shows it, without the implied parts: `app:1` for `docker.io/library/app:1`. */
export function familiarName(reference: ImageReference): string {
  const name = reference.host === dockerHub ? reference.path.replace(/^library\/(?=[^/]+$)/, "") : reference.name;
  return name + suffixOf(reference);
}

/**
 * Returns the name by which BuildKit looks up a context: an image name as Docker shows it, without the tag `latest`.
 *
 * @returns undefined for text that is not an image name
 */
export function contextName(text: string): string | undefined {
  const parsed = parse(text);
  return typeof parsed === "string" ? undefined : familiarName(parsed).replace(/:latest$/, "");
}

/**
 * Returns the same repository with another tag and no digest.
 *
 * @throws ImageBuilderError `imageNameInvalid` if `tag` is not a valid tag
 */
export function withTag(reference: ImageReference, tag: string): ImageReference {
  return parseImageReference(`${reference.name}:${tag}`);
}

/**
 * Returns the host of a registry's address, with its port; `docker.io` for each of Docker Hub's names.
 *
 * @param uri `host[:port][/path]`; a scheme is ignored
 * @throws ImageBuilderError `configurationInvalid`
 */
export function registryHost(uri: string): string {
  return parseRegistry(uri).host;
}

/** Whether a registry's address says that it is reached without TLS. */
export function isWithoutTls(uri: string): boolean {
  return /^\s*http:\/\//i.test(uri);
}

/**
 * Returns the prefix of a registry's image names: its host and, if it has one, its path, without a scheme.
 *
 * @throws ImageBuilderError `configurationInvalid`
 */
export function registryPlace(uri: string): string {
  const { host, path } = parseRegistry(uri);
  return path === "" ? host : `${host}/${path}`;
}

/**
 * Checks whether an image name belongs to a registry: it has the same host, and is below its path by whole segments.
 *
 * @throws ImageBuilderError `imageNameInvalid` or `configurationInvalid`
 */
export function ownsImageName(registryUri: string, imageName: string): boolean {
  const registry = parseRegistry(registryUri);
  const image = parseImageReference(imageName);
  if (canonicalHost(image.host) !== registry.host) return false;
  return registry.path === "" || image.path === registry.path || image.path.startsWith(`${registry.path}/`);
}

/** Whether an image name belongs to a registry; false for an address that can't be parsed, such as a template. */
export function isImageOfRegistry(registryUri: unknown, imageName: string): boolean {
  try {
    return typeof registryUri === "string" && ownsImageName(registryUri, imageName);
  } catch (error) {
    if (ImageBuilderError.is(error)) return false;
    throw error;
  }
}

/**
 * Returns the name of an image in a registry: `app:1` becomes `ghcr.io/team/app:1`. A name that already belongs to the
 * registry is not changed.
 *
 * @throws ImageBuilderError `imageForeign` if the name contains another registry, `imageNameInvalid`, or
 * `configurationInvalid`
 */
export function qualifyImageName(name: string, registryUri: string): string {
  if (ownsImageName(registryUri, name)) return name;
  const place = registryPlace(registryUri);
  // On Docker Hub, `team/app` is already an account and a repository; elsewhere, it is a path below the registry's own.
  if (hasHost(name) || (registryHost(registryUri) === dockerHub && name.includes("/"))) {
    throw new ImageBuilderError(
      "imageForeign",
      `The image "${name}" does not belong to the registry ${place}. ` +
        "Remove the host and account from the name, or choose the registry that it names.",
    );
  }
  const qualified = `${place}/${name}`;
  parseImageReference(qualified);
  return qualified;
}

function parse(text: string): ImageReference | string {
  if (text === "") return 'The name is empty. Use a name such as "app:1".';
  if (text.length > maxTextLength) return tooLong(text.length);
  if (/\s/.test(text)) return "The name contains white space. Remove it.";
  if (/^[a-z]+:\/\//i.test(text))
    return `The name begins with a URL scheme. Use "${text.replace(/^[a-z]+:\/\//i, "")}".`;
  if (imageIdPattern.test(text)) return "This is an image ID (64 hexadecimal digits). Use an image name.";

  const [nameAndTag = "", digest, ...more] = text.split("@");
  if (digest !== undefined && (more.length > 0 || !isDigest(digest))) {
    return (
      `"${[digest, ...more].join("@")}" is not a digest. ` +
      'Use "@sha256:" and 64 lowercase hexadecimal digits, or remove it.'
    );
  }
  const writtenHost = hostOf(nameAndTag);
  const host = writtenHost === undefined || writtenHost === "index.docker.io" ? dockerHub : writtenHost;
  const rest = writtenHost === undefined ? nameAndTag : nameAndTag.slice(writtenHost.length + 1);
  const [writtenPath = "", tag, ...moreTags] = rest.split(":");

  const problem =
    (hostPattern.test(host)
      ? undefined
      : `"${host}" is not a valid host. Use a host name or address, optionally with a port.`) ??
    (moreTags.length > 0
      ? 'The name has more than one ":" after the repository. Only one tag is allowed.'
      : undefined) ??
    (tag === undefined ? undefined : tagProblem(tag)) ??
    pathProblem(writtenPath);
  if (problem !== undefined) return problem;

  const path = host === dockerHub && !writtenPath.includes("/") ? `library/${writtenPath}` : writtenPath;
  const name = `${host}/${path}`;
  if (name.length > maxNameLength) return tooLong(name.length);
  return { host, path, name, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
}

function tooLong(length: number): string {
  return `The name, including its host, has ${length} characters. The maximum is ${maxNameLength}.`;
}

function tagProblem(tag: string): string | undefined {
  if (tagPattern.test(tag)) return undefined;
  if (tag === "") return 'The tag after ":" is empty. Add a tag, or remove the ":".';
  if (tag.includes("/")) return `The tag must come last. Move ":${tag.slice(0, tag.indexOf("/"))}" to the end.`;
  if (tag.length > maxTagLength) return `The tag has ${tag.length} characters. The maximum is ${maxTagLength}.`;
  return `The tag "${tag}" is not valid. Use letters, digits, "_", "." and "-", and do not begin with "." or "-".`;
}

function pathProblem(path: string): string | undefined {
  if (path === "") return "The repository is missing. Add its name before the tag.";
  const components = path.split("/");
  if (components.includes("")) return 'The path has an extra "/". Remove it.';
  if (/[A-Z]/.test(path)) return `The repository must be lowercase. Use "${path.toLowerCase()}".`;
  const wrong = components.find((component) => !componentPattern.test(component));
  if (wrong === undefined) return undefined;
  const character = /[^a-z0-9._-]/u.exec(wrong)?.[0];
  if (character !== undefined)
    return (
      `"${wrong}" contains "${character}". ` +
      'A repository can contain lowercase letters, digits, ".", "_", "-" and "/".'
    );
  return (
    `"${wrong}" can have only single separators (".", "_", "__" or "-"), each between letters or digits. ` +
    `Try "${sanitizeImageName(wrong)}".`
  );
}

/** Returns the first component if it is a host by Docker's rule: `team/app` has none, `localhost/app` has one. */
function hostOf(text: string): string | undefined {
  const first = text.slice(0, Math.max(0, text.indexOf("/")));
  return /[.:]/.test(first) || first === "localhost" || first !== first.toLowerCase() ? first : undefined;
}

function hasHost(name: string): boolean {
  return hostOf(name.split("@")[0] ?? "") !== undefined;
}

function suffixOf(reference: ImageReference): string {
  return (
    (reference.tag === undefined ? "" : `:${reference.tag}`) +
    (reference.digest === undefined ? "" : `@${reference.digest}`)
  );
}

/** Returns a registry's host in lowercase; `docker.io` for each of Docker Hub's names. */
export function canonicalHost(host: string): string {
  const lower = host.toLowerCase();
  return dockerHubAliases.has(lower) ? dockerHub : lower;
}

/** Masks a login: text that a person has typed may contain one that belongs elsewhere. */
function withoutLogin(uri: string): string {
  return uri.replace(/^([A-Za-z]*:\/\/)?[^/]*@/, "$1***@");
}

function parseRegistry(uri: string): { readonly host: string; readonly path: string } {
  if (uri.length > maxTextLength)
    throw new ImageBuilderError("configurationInvalid", `A registry address can't have ${uri.length} characters.`);
  const address = withoutEnd(uri.trim().replace(/^https?:\/\//i, ""), "/");
  const slash = address.indexOf("/");
  const writtenHost = slash === -1 ? address : address.slice(0, slash);
  const host = canonicalHost(writtenHost);
  // The address that `docker login` stores for Docker Hub ends with the version of its API.
  const path =
    slash === -1 || (host === dockerHub && /^\/v[12]$/.test(address.slice(slash))) ? "" : address.slice(slash + 1);

  const problem =
    hostPattern.test(writtenHost) && hostOf(`${writtenHost}/`) !== undefined
      ? path && pathProblem(path)
      : 'It must begin with a host that contains "." or has a port, such as "ghcr.io" or "localhost:5000".';
  if (problem)
    throw new ImageBuilderError(
      "configurationInvalid",
      `"${withoutLogin(uri)}" is not a valid registry address. ${problem}`,
    );
  return { host, path };
}
