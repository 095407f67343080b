import { isIP } from "node:net";
import { Writer } from "protobufjs/minimal";
import type { BuildOptions } from "../base/buildOptions";
import { ImageBuilderError } from "../base/errors";
import type { BuildExport } from "./buildExport";
import { cacheImages } from "../base/buildTargets";
import type { DockerfileSource } from "../context/files/dockerfileSource";
import type { BuildJob } from "./buildJob";
import { firstBytes, repeatedBytes } from "../transport/message";

type Texts = Readonly<Record<string, string>>;

/** One build as BuildKit gets it. */
export interface BuildkitBuild {
  readonly job: BuildJob;
  readonly dockerfile: DockerfileSource;
  readonly sessionId: string;
  readonly exporter: BuildExport["exporter"];
  /** What the frontend is told of named contexts. */
  readonly contexts?: Texts;
  /** Addresses that the host name `host-gateway` stands for. */
  readonly hostGateway?: readonly string[];
}

/** The numbers of `moby.buildkit.v1.SolveRequest`'s fields as tags. */
const tags = {
  ref: 10,
  exporter: 26,
  exporterAttributes: 34,
  session: 42,
  frontend: 50,
  frontendAttributes: 58,
  cache: 66,
  entitlements: 74,
} as const;
const cacheExports = 34;

/**
 * A `moby.buildkit.v1.SolveRequest`, as `docker buildx build` sends it. The exporter `moby` keeps the image in the
 * daemon, whichever store that has.
 *
 * @see https://github.com/moby/buildkit/blob/master/api/services/control/control.proto
 */
export function encodeSolveRequest(ref: string, build: BuildkitBuild): Uint8Array {
  const { job, sessionId, exporter } = build;
  const { options, imageNames } = job;
  const { type, attributes } = exporter ?? { type: "moby", attributes: { name: imageNames.join(",") } };
  const request = Writer.create().uint32(tags.ref).string(ref).uint32(tags.exporter).string(type);
  writeTexts(request, tags.exporterAttributes, attributes);
  request.uint32(tags.session).string(sessionId).uint32(tags.frontend).string("dockerfile.v0");
  writeTexts(request, tags.frontendAttributes, frontendAttributes(build));
  request.uint32(tags.cache).fork();
  for (const { type: kind = "", ...rest } of cacheExportsOf(options)) {
    request.uint32(cacheExports).fork().uint32(10).string(kind);
    writeTexts(request, 18, rest);
    request.ldelim();
  }
  request.ldelim();
  if (options.networkMode === "host") request.uint32(tags.entitlements).string("network.host");
  return request.finish();
}

/** Whether the build has to know what the host name `host-gateway` stands for. */
export function namesHostGateway({ extraHosts = [] }: BuildOptions): boolean {
  return extraHosts.some((entry) => hostGateway.test(entry));
}

/**
 * Finds what `host-gateway` stands for in a `moby.buildkit.v1.ListWorkersResponse`; empty for daemons that do not say,
 * such as Docker 20.10.
 */
export function decodeHostGateway(bytes: Uint8Array): string[] {
  const labels = repeatedBytes(firstBytes(bytes), 2).map(decodePair);
  const [, addresses = ""] =
    labels.find(([name]) => name === "org.mobyproject.buildkit.worker.moby.host-gateway-ip") ?? [];
  return addresses.split(",").filter((address) => isIP(address) !== 0);
}

/**
 * The exporter's answer in a `moby.buildkit.v1.SolveResponse`, such as `containerimage.digest`.
 *
 * @param who answered, as it begins a sentence
 * @throws ImageBuilderError `daemonFailed`
 */
export function decodeSolveResponse(bytes: Uint8Array, who: string): Map<string, string> {
  try {
    return new Map(repeatedBytes(bytes, 1).map(decodePair));
  } catch (error) {
    throw new ImageBuilderError(
      "daemonFailed",
      `${who} returned an invalid build result. Check that it is working, then build again.`,
      { cause: error },
    );
  }
}

/** A `moby.buildkit.v1.StatusRequest`. */
export function encodeStatusRequest(ref: string): Uint8Array {
  return Writer.create().uint32(10).string(ref).finish();
}

/**
 * What the Dockerfile's frontend is told. @see https://github.com/moby/buildkit/blob/master/frontend/dockerui/attr.go
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
    // By itself BuildKit would ask the registry for each base image that the daemon has.
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

const hostGateway = /[:=]host-gateway$/;

/** `name=address`, once for each address. */
function hostEntries(entry: string, gateway: readonly string[]): string[] {
  const written = entry.replace(/^([^:=]+)[:=]/, "$1=");
  return hostGateway.test(entry) ? gateway.map((address) => written.replace(/host-gateway$/, address)) : [written];
}

/** The daemon's own `POST /build` takes the build argument for the inline cache, and so does buildx. */
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

function writeTexts(writer: Writer, tag: number, texts: Texts): void {
  for (const [name, value] of Object.entries(texts))
    writer.uint32(tag).fork().uint32(10).string(name).uint32(18).string(value).ldelim();
}

function decodePair(bytes: Uint8Array): [string, string] {
  const [name, value] = [1, 2].map((field) => Buffer.from(repeatedBytes(bytes, field)[0] ?? []).toString("utf8"));
  return [name ?? "", value ?? ""];
}

function unknownNetwork(mode: string): ImageBuilderError {
  return new ImageBuilderError(
    "optionInvalid",
    `BuildKit doesn't support the network mode "${mode}". ` +
      'Choose "default", "host" or "none", or use the classic builder, which accepts the name of any network.',
  );
}
