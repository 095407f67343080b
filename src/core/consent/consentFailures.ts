import { shownAddress } from "../base/contextSource";
import { ImageBuilderError } from "../base/errors";
import type { Destination, Requester, Source, SourceRequest } from "../base/sourceConsent";
import { shorten } from "../text/shorten";

const longestAddress = 300;
/** Longest path in a message that may name several, in characters, and how many it names. */
const [longestPath, mostPaths] = [150, 3];

/** Returns a use that a person was asked about and did not allow. */
export function notConfirmed(request: SourceRequest, cause?: unknown): ImageBuilderError {
  return new ImageBuilderError(
    "sourceNotConfirmed",
    `Sending ${useInWords(request)} was not allowed. ${remedyFor(request)}`,
    { cause },
  );
}

/** Returns a use that nobody was asked about so far. */
export function notConfirmedYet(request: SourceRequest): ImageBuilderError {
  return new ImageBuilderError(
    "sourceNotConfirmed",
    `Not allowed yet: sending ${useInWords(request)}. ${remedyFor(request)}`,
  );
}

function useInWords({ source, destination, requestedBy }: SourceRequest): string {
  return `${sourceInWords(source)} to ${destinationInWords(destination)} for ${requesterInWords(requestedBy)}`;
}

function remedyFor({ requestedBy }: SourceRequest): string {
  return `Review and allow it, or change ${requesterInWords(requestedBy)}.`;
}

/** Creates the error for a secret that is bound to other destinations, and is never sent to this one. */
export function otherPlace(
  { source, destination, requestedBy }: SourceRequest,
  places: readonly string[],
): ImageBuilderError {
  const belongs = [...new Set(places)].map(placeInWords).join(" and ");
  const remedy =
    "store the value as a separate secret for that destination, " +
    'or remove the binding under "Manage Trusted Sources..."';
  return new ImageBuilderError(
    "sourceNotConfirmed",
    `${capital(sourceInWords(source))} belongs to ${belongs} and is not sent to ` +
      `${destinationInWords(destination)}, although ${requesterInWords(requestedBy)} refers to it: ${remedy}.`,
  );
}

/** Describes a destination of a secret, as returned by `boundTo`. */
function placeInWords(place: string): string {
  const [kind, ...rest] = place.split(" ");
  if (kind === "build") return rest.length === 0 ? "builds on this machine" : `builds at ${rest.join(" ")}`;
  return kind === "flavor"
    ? `the flavor "${rest[0]}"${rest.length > 1 ? ` at ${rest.slice(1).join(", ")}` : ""}`
    : place;
}

function sourceInWords(source: Source): string {
  switch (source.kind) {
    case "secret":
      return `the stored secret "${source.name}"`;
    case "environment":
      return `the environment variable ${source.name}`;
    case "file":
      return `the file "${source.path}"`;
    case "folder":
      return `the folder "${source.path}"`;
    case "outsideFiles":
      return `the files at ${pathsInWords(source.paths)}`;
    case "outsideNames":
      return `the names of folders in ${pathsInWords(source.paths)}`;
    case "remoteContext":
      return `the content of "${shorten(shownAddress(source.address), longestAddress)}"`;
    case "sshKey":
      return `signatures with the key "${source.path}"`;
    case "sshAgent":
      return `signatures by the SSH agent at "${source.socket}"`;
    case "signIn":
      return `this machine's credentials for ${source.cloud}`;
    case "insecureConnection":
      return "requests and credentials without verified TLS";
    case "builds":
      return "builds";
  }
}

function pathsInWords(paths: readonly string[]): string {
  const shown = paths.slice(0, mostPaths).map((path) => `"${shorten(path, longestPath)}"`);
  return [shown.join(", "), ...(paths.length > mostPaths ? [`${paths.length - mostPaths} more`] : [])].join(" and ");
}

function imageInWords({ name, registry }: Extract<Destination, { kind: "builtImage" }>): string {
  return registry === undefined ? name : `${registry}/${name}`;
}

function destinationInWords(destination: Destination): string {
  switch (destination.kind) {
    case "host":
      return destination.registry === undefined ? destination.host : `${destination.host} for ${destination.registry}`;
    case "daemon":
      return `the Docker daemon at ${destination.address}`;
    case "build":
      return `the build of "${destination.folder}" at ${destination.address}`;
    case "flavor":
      return `the flavor "${destination.flavor}" with ${destination.configuration}`;
    case "image":
      return `the image ${destination.name}`;
    case "builtImage":
      return `the image ${imageInWords(destination)}, built at ${destination.address}`;
  }
}

const kinds: Readonly<Record<Requester["kind"], string>> = {
  builder: "the builder",
  registry: "the registry",
  connector: "the connector",
  setting: "the setting",
  buildSecret: "the build secret",
  buildSsh: "the SSH agent",
  buildContext: "the build context",
  image: "the image",
};

function requesterInWords({ kind, name, from, place }: Requester): string {
  const where = {
    workspace: " in the workspace settings",
    file: ` in ${place ?? "a workspace file"}`,
    program: ` in a call to ${place ?? "a command"}`,
  };
  return `${kinds[kind]} "${name}"${from === undefined ? "" : where[from]}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
