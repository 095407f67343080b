import type { Endpoint } from "../transport/endpoint";

/** Container to run. */
export interface ContainerRun {
  /** Image ID or name. */
  readonly image: string;
  /** Ports to publish, as in `docker run --publish`. */
  readonly ports: readonly string[];
}

/**
 * Returns the arguments with which the docker command line runs a container in a terminal, by the daemon of an
 * endpoint.
 *
 * @param settings choice of the daemon that the command line doesn't know
 */
export function dockerRunArguments(
  endpoint: Endpoint,
  settings: { readonly dockerHost?: string; readonly dockerContext?: string },
  { image, ports }: ContainerRun,
): string[] {
  const publish = ports.flatMap((port) => ["--publish", port]);
  return [...daemonArguments(endpoint, settings), "run", "--rm", "--interactive", "--tty", ...publish, image];
}

/** A TCP address alone says nothing of its certificates, so the command line has to find it as we did. */
function daemonArguments(
  { address, connection }: Endpoint,
  { dockerHost = "", dockerContext = "" }: Parameters<typeof dockerRunArguments>[1],
): string[] {
  if (connection.kind !== "tcp") return ["--host", address];
  if (dockerHost.trim() !== "") return ["--host", dockerHost.trim()];
  return dockerContext.trim() === "" ? [] : ["--context", dockerContext.trim()];
}
