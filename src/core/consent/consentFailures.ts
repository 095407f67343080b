import { shownAddress } from "../base/contextSource";
import { ImageBuilderError } from "../base/errors";
import type { Destination, Requester, Source, SourceRequest } from "../base/sourceConsent";
import { shorten } from "../text/shorten";

const longestAddress = 300;

/** Creates the error for a use that was not allowed. */
export function notConfirmed({ source, destination, requestedBy }: SourceRequest): ImageBuilderError {
  const remedy = "allow it when prompted, or remove the reference";
  return new ImageBuilderError(
    "sourceNotConfirmed",
    `Sending ${sourceInWords(source)} to ${destinationInWords(destination)} for ${requesterInWords(requestedBy)} ` +
      `was not allowed: ${remedy}.`,
  );
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
    case "remoteContext":
      return `the content of "${shorten(shownAddress(source.address), longestAddress)}"`;
    case "sshKey":
      return `signatures with the key "${source.path}"`;
    case "sshAgent":
      return `signatures by the SSH agent at "${source.socket}"`;
    case "signIn":
      return `this machine's credentials for ${source.cloud}`;
    case "builds":
      return "builds";
  }
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
