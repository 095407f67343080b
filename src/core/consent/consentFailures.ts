import { ImageBuilderError } from "../base/errors";
import type { Destination, Requester, Source, SourceRequest } from "../base/sourceConsent";
import { shorten } from "../text/shorten";

const longestAddress = 300;

/** A use that nobody has allowed, or that a person did not want. */
export function notConfirmed({ source, destination, requestedBy }: SourceRequest): ImageBuilderError {
  const remedy = "allow it when you are asked, or take it out where it is named";
  return new ImageBuilderError(
    "sourceNotConfirmed",
    `Nobody has allowed ${requesterInWords(requestedBy)} to send ${sourceInWords(source)} to ${destinationInWords(destination)}: ${remedy}.`,
  );
}

/** A secret that belongs elsewhere, and is never sent there. */
export function otherPlace(
  { source, destination, requestedBy }: SourceRequest,
  places: readonly string[],
): ImageBuilderError {
  const belongs = [...new Set(places)].map(placeInWords).join(" and ");
  const remedy =
    'store the value as a secret of its own there, or remove where it belongs under "Manage Trusted Sources..."';
  return new ImageBuilderError(
    "sourceNotConfirmed",
    `${capital(sourceInWords(source))} belongs to ${belongs}, and ${requesterInWords(requestedBy)} names it for ${destinationInWords(destination)}, where it is not sent: ${remedy}.`,
  );
}

/** Where a secret belongs, as `boundTo` names it, in words. */
function placeInWords(place: string): string {
  const [kind, ...rest] = place.split(" ");
  if (kind === "build") return rest.length === 0 ? "the builds of this machine" : `the builds of ${rest.join(" ")}`;
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
      return `what "${shorten(source.address, longestAddress)}" holds`;
    case "sshKey":
      return `signatures by the key "${source.path}"`;
    case "sshAgent":
      return `signatures by the SSH agent at "${source.socket}"`;
    case "signIn":
      return `this machine's sign-in to ${source.cloud}`;
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
    workspace: " of the workspace's settings",
    file: ` of ${place ?? "a file of the workspace"}`,
    program: ` of a call of ${place ?? "a command"}`,
  };
  return `${kinds[kind]} "${name}"${from === undefined ? "" : where[from]}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
