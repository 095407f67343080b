import { realpath } from "node:fs/promises";
import { isIP } from "node:net";
import { platformsOf } from "../base/buildTargets";
import type { BuildOptions } from "../base/buildOptions";
import { ImageBuilderError, messageOf } from "../base/errors";
import { readSmallFile } from "../border/readSmallFile";
import type { ImplementationServices } from "../contracts/services";
import { addressOf, resolveEndpoint, type Endpoint } from "../transport/endpoint";
import type { TlsOptions } from "../transport/endpointAddress";
import { containerOf, nodeConnection } from "./buildkitConfig";
import type { BuilderNode } from "./buildxInstance";
import { expandHome } from "../base/homePath";

/**
 * Returns the nodes that can build for the requested platforms, in the order in which to try them: those that name the
 * platforms, otherwise those that name none.
 *
 * @throws ImageBuilderError `optionInvalid` if no node builds for all of them
 */
export function nodesFor(nodes: readonly BuilderNode[], options: BuildOptions): readonly BuilderNode[] {
  const wanted = platformsOf(options);
  const naming = nodes.filter(
    ({ platforms }) => wanted.length > 0 && wanted.every((each) => platforms?.includes(each)),
  );
  if (naming.length > 0) return naming;
  const any = wanted.length > 0 ? nodes.filter(({ platforms }) => platforms === undefined) : nodes;
  if (any.length > 0) return any;
  const known = [...new Set(nodes.flatMap(({ platforms = [] }) => platforms))].join(", ");
  throw new ImageBuilderError(
    "optionInvalid",
    `No BuildKit daemon of this builder builds for ${wanted.join(" and ")}. ` +
      `Choose platforms of one daemon (${known}), or add a daemon for them.`,
  );
}

/**
 * Returns the endpoint of a node, with the contents of its TLS files. A container is one of the Docker daemon that this
 * machine uses, unless the node names another one.
 *
 * @throws ImageBuilderError `daemonTls` for a file that can't be read, `sourceNotConfirmed`, errors of finding the
 * Docker daemon
 */
export async function endpointOf(
  node: BuilderNode,
  builder: string,
  services: ImplementationServices,
  signal: AbortSignal,
): Promise<Endpoint> {
  const source = `builder "${builder}"`;
  const container = containerOf(node.endpoint);
  if (container !== undefined) {
    const daemon = await dockerOf(node, source, services, signal);
    const { connection } = daemon;
    return { address: node.endpoint, source, api: "buildkit", connection, container: { name: container, daemon } };
  }
  const connection = nodeConnection(node.endpoint);
  if (!connection) throw new ImageBuilderError("configurationInvalid", `"${node.endpoint}" is not a valid address.`);
  const place = { address: addressOf(connection), source, api: "buildkit" } as const;
  if (connection.kind !== "tcp" || node.ca === undefined) return { ...place, connection };
  const tls = await tlsOf(node, connection.host, (path) => readTlsFile(path, place.address, services, signal));
  return { ...place, connection: { ...connection, tls } };
}

/** Finds the Docker daemon that runs a node's container, as buildx does by a context's name or an address. */
async function dockerOf(
  { docker }: BuilderNode,
  source: string,
  { engine }: ImplementationServices,
  signal: AbortSignal,
): Promise<Endpoint> {
  if (docker === undefined || docker === "") return engine.endpoint(signal);
  const found = await resolveEndpoint(docker.includes("://") ? { dockerHost: docker } : { dockerContext: docker });
  return { ...found, source };
}

async function tlsOf(
  { ca, cert, key, servername }: BuilderNode,
  host: string,
  read: (path: string) => Promise<string>,
): Promise<TlsOptions> {
  // A name for TLS can't be an IP address; the certificate is then checked for the address itself.
  const name = servername ?? (isIP(host) ? undefined : host);
  return {
    ca: ca && (await read(ca)),
    cert: cert && (await read(cert)),
    key: key && (await read(key)),
    rejectUnauthorized: true,
    ALPNProtocols: ["h2"],
    ...(name !== undefined && { servername: name }),
  };
}

async function readTlsFile(
  written: string,
  address: string,
  { consent, requester }: ImplementationServices,
  signal: AbortSignal,
): Promise<string> {
  try {
    const path = await realpath(expandHome(written));
    if (requester)
      await consent?.confirm(
        { source: { kind: "file", path }, destination: { kind: "daemon", address }, requestedBy: requester },
        signal,
      );
    return await readSmallFile(path);
  } catch (error) {
    signal.throwIfAborted();
    if (ImageBuilderError.is(error)) throw error;
    throw new ImageBuilderError(
      "daemonTls",
      `Can't read the TLS file "${written}" (${messageOf(error)}). Check its path and its permissions.`,
      { cause: error },
    );
  }
}
