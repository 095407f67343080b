import { isIP } from "node:net";
import type { BuildOptions } from "../base/buildOptions";
import { ImageBuilderError } from "../base/errors";
import type { BuildExport } from "./buildExport";
import { cacheImages } from "../base/buildTargets";
import type { DockerfileSource } from "../context/files/dockerfileSource";
import type { BuildJob } from "./buildJob";
import { hostGateway } from "./hostGateway";
import { decodeMessage, encodeMessage, type MessageType } from "../transport/message";
import type { Definition } from "../transport/proto/ops.pb";
import { ListWorkersResponse, SolveRequest, SolveResponse, StatusRequest } from "../transport/proto/control.pb";

type Texts = Readonly<Record<string, string>>;

/** Build as it is passed to BuildKit. */
export interface BuildkitBuild {
  readonly job: BuildJob;
  readonly dockerfile: DockerfileSource;
  readonly sessionId: string;
  readonly exporter: BuildExport["exporter"];
  /** Attributes of named contexts for the frontend. */
  readonly contexts?: Texts;
  /** Sources that named contexts refer to, by name. */
  readonly inputs?: ReadonlyMap<string, Definition>;
  /** Addresses that replace the host name `host-gateway`. */
  readonly hostGateway?: readonly string[];
}

/** Encodes a `moby.buildkit.v1.SolveRequest`, as `docker buildx build` sends it. */
export function encodeSolveRequest(ref: string, build: BuildkitBuild): Uint8Array {
  const { job, sessionId, exporter, inputs = new Map<string, Definition>() } = build;
  const { options } = job;
  const { type, attributes } = exporter ?? imageExporter(job);
  return encodeMessage(SolveRequest, {
    Ref: ref,
    ExporterDeprecated: type,
    ExporterAttrsDeprecated: attributes,
    Session: sessionId,
    Frontend: "dockerfile.v0",
    FrontendAttrs: frontendAttributes(build),
    Cache: { Exports: cacheExportsOf(options).map(({ type: kind = "", ...rest }) => ({ Type: kind, Attrs: rest })) },
    Entitlements: options.networkMode === "host" ? ["network.host"] : [],
    FrontendInputs: Object.fromEntries(inputs),
    Internal: false,
  });
}

/** Encodes a `moby.buildkit.v1.SolveRequest` that only opens calls of a frontend, and that no history records. */
export function encodeCallRequest(ref: string, sessionId: string): Uint8Array {
  return encodeMessage(SolveRequest, {
    Ref: ref,
    ExporterDeprecated: "",
    ExporterAttrsDeprecated: {},
    Session: sessionId,
    Frontend: "",
    FrontendAttrs: {},
    Cache: undefined,
    Entitlements: [],
    FrontendInputs: {},
    Internal: true,
  });
}

/**
 * Returns the exporter that creates the image: `moby` keeps it in the Docker daemon, in any of its image stores, and
 * `image` pushes it. Docker's BuildKit would push Docker's media types by default, and BuildKit itself those of OCI.
 */
function imageExporter({ imageNames, push }: BuildJob): BuildExport["exporter"] & object {
  const name = imageNames.join(",");
  if (!push) return { type: "moby", attributes: { name } };
  return {
    type: "image",
    attributes: {
      name,
      push: "true",
      "oci-mediatypes": "true",
      ...(push.isInsecure && { "registry.insecure": "true" }),
    },
  };
}

/**
 * Returns the addresses of `host-gateway` in a `moby.buildkit.v1.ListWorkersResponse`; empty for daemons that don't
 * report them, such as Docker 20.10.
 *
 * @param who sender, as the beginning of a sentence
 * @throws ImageBuilderError `daemonFailed`
 */
export function decodeHostGateway(bytes: Uint8Array, who: string): string[] {
  const { record } = decodeAnswer(ListWorkersResponse, bytes, who, "list of workers");
  const addresses = record.at(-1)?.Labels["org.mobyproject.buildkit.worker.moby.host-gateway-ip"] ?? "";
  return addresses.split(",").filter((address) => isIP(address) !== 0);
}

/**
 * Returns the exporter's response in a `moby.buildkit.v1.SolveResponse`, with keys such as `containerimage.digest`.
 *
 * @param who sender, as the beginning of a sentence
 * @throws ImageBuilderError `daemonFailed`
 */
export function decodeSolveResponse(bytes: Uint8Array, who: string): Map<string, string> {
  return new Map(Object.entries(decodeAnswer(SolveResponse, bytes, who, "build result").ExporterResponse));
}

/** Encodes a `moby.buildkit.v1.StatusRequest`. */
export function encodeStatusRequest(ref: string): Uint8Array {
  return encodeMessage(StatusRequest, { Ref: ref });
}

function decodeAnswer<T>(type: MessageType<T>, bytes: Uint8Array, who: string, what: string): T {
  try {
    return decodeMessage(type, bytes);
  } catch (error) {
    throw new ImageBuilderError(
      "daemonFailed",
      `${who} returned an invalid ${what}. Check that it is working, then build again.`,
      { cause: error },
    );
  }
}

/**
 * Returns the attributes for the Dockerfile's frontend. @throws ImageBuilderError `optionInvalid` for an unsupported
 * network mode @see https://github.com/moby/buildkit/blob/master/frontend/dockerui/attr.go
 */
function frontendAttributes({
  job: { options },
  dockerfile,
  contexts,
  hostGateway: addresses = [],
}: BuildkitBuild): Texts {
  const {
    buildArgs = {},
    labels = {},
    target,
    platform,
    noCache,
    noCacheFilter,
    pull,
    networkMode,
    extraHosts = [],
    shmSizeBytes,
    ulimits,
  } = options;
  if (networkMode !== undefined && !["default", "host", "none"].includes(networkMode))
    throw unknownNetwork(networkMode);
  const hosts = extraHosts.flatMap((entry) => hostEntries(entry, addresses));
  const cacheFrom = cacheImages(options);
  const attributes: Record<string, string | undefined> = {
    filename: dockerfile.name,
    target,
    platform,
    // By default, BuildKit would ask the registry about each base image that the daemon already has.
    "image-resolve-mode": pull ? "pull" : "local",
    "no-cache": noCache ? "" : noCacheFilter?.join(","),
    "cache-from": cacheFrom?.join(","),
    "force-network-mode": networkMode === "default" ? undefined : networkMode,
    "add-hosts": hosts.length > 0 ? hosts.join(",") : undefined,
    "shm-size": shmSizeBytes?.toString(),
    ulimit: ulimits?.join(","),
    ...contexts,
    ...prefixed("build-arg:", buildArgs),
    ...prefixed("label:", labels),
  };
  return Object.fromEntries(
    Object.entries(attributes).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Returns `name=address` entries; for `host-gateway`, one for each of its addresses. */
function hostEntries(entry: string, gateway: readonly string[]): string[] {
  const written = entry.replace(/^([^:=]+)[:=]/, "$1=");
  return hostGateway.test(entry) ? gateway.map((address) => written.replace(/host-gateway$/, address)) : [written];
}

/**
 * Returns the cache exports, with an inline cache if the build argument requests it, as the daemon's own `POST /build`
 * and buildx do.
 */
function cacheExportsOf({ cacheTo = [], buildArgs = {} }: BuildOptions): Record<string, string>[] {
  const isInline = /^(?:1|t|true)$/i.test(buildArgs["BUILDKIT_INLINE_CACHE"] ?? "");
  return [...new Set([...cacheTo, ...(isInline ? ["type=inline"] : [])])].map(parseCacheTo);
}

function prefixed(prefix: string, texts: Texts): Texts {
  return Object.fromEntries(Object.entries(texts).map(([name, value]) => [prefix + name, value]));
}

function parseCacheTo(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(",").map((part) => [part.slice(0, part.indexOf("=")), part.slice(part.indexOf("=") + 1)]),
  );
}

function unknownNetwork(mode: string): ImageBuilderError {
  return new ImageBuilderError(
    "optionInvalid",
    `BuildKit doesn't support the network mode "${mode}". ` +
      'Choose "default", "host" or "none", or use the classic builder, which accepts the name of any network.',
  );
}
