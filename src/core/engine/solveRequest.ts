import { Reader, Writer } from "protobufjs/minimal";
import type { BuildOptions } from "../base/buildOptions";
import { ImageBuilderError } from "../base/errors";
import type { BuildExport } from "./buildExport";
import type { DockerfileSource } from "../context/files/dockerfileSource";
import { cacheImages } from "../base/buildTargets";
import type { BuildJob } from "./buildJob";

type Texts = Readonly<Record<string, string>>;

/** One build as BuildKit gets it. */
export interface BuildkitBuild {
  readonly job: BuildJob;
  readonly dockerfile: DockerfileSource;
  readonly sessionId: string;
  readonly exporter: BuildExport["exporter"];
}

/** The numbers of `moby.buildkit.v1.SolveRequest`'s fields as tags. */
const tags = { ref: 10, exporter: 26, exporterAttributes: 34, session: 42, frontend: 50, frontendAttributes: 58, cache: 66, entitlements: 74 } as const;
const cacheExports = 34;

/**
 * A `moby.buildkit.v1.SolveRequest`.
 *
 * @see https://github.com/moby/buildkit/blob/master/api/services/control/control.proto
 */
export function encodeSolveRequest(ref: string, { job, dockerfile, sessionId, exporter }: BuildkitBuild): Uint8Array {
  const { options, imageNames } = job;
  const { type, attributes } = exporter ?? { type: "moby", attributes: { name: imageNames.join(",") } };
  const request = Writer.create().uint32(tags.ref).string(ref).uint32(tags.exporter).string(type);
  writeTexts(request, tags.exporterAttributes, attributes);
  request.uint32(tags.session).string(sessionId).uint32(tags.frontend).string("dockerfile.v0");
  writeTexts(request, tags.frontendAttributes, frontendAttributes(options, dockerfile.name));
  request.uint32(tags.cache).fork();
  for (const { type: kind = "", ...rest } of (options.cacheTo ?? []).map(parseCacheTo)) {
    request.uint32(cacheExports).fork().uint32(10).string(kind);
    writeTexts(request, 18, rest);
    request.ldelim();
  }
  request.ldelim();
  if (options.networkMode === "host") request.uint32(tags.entitlements).string("network.host");
  return request.finish();
}

/**
 * The exporter's answer in a `moby.buildkit.v1.SolveResponse`, such as `containerimage.digest`.
 *
 * @param who answered, as it begins a sentence
 * @throws ImageBuilderError `daemonFailed`
 */
export function decodeSolveResponse(bytes: Uint8Array, who: string): Map<string, string> {
  const response = new Map<string, string>();
  const reader = new Reader(bytes);
  try {
    while (reader.pos < reader.len) {
      const tag = reader.uint32();
      if (tag >>> 3 !== 1) reader.skipType(tag & 7);
      else response.set(...decodePair(reader.bytes()));
    }
  } catch (error) {
    throw new ImageBuilderError("daemonFailed", `${who} answered with something that is no result of a build: see whether it is well, then build again.`, { cause: error });
  }
  return response;
}

/** A `moby.buildkit.v1.StatusRequest`. */
export function encodeStatusRequest(ref: string): Uint8Array {
  return Writer.create().uint32(10).string(ref).finish();
}

/** What the Dockerfile's frontend is told. @see https://github.com/moby/buildkit/blob/master/frontend/dockerui/attr.go */
function frontendAttributes(options: BuildOptions, filename: string): Texts {
  const { buildArgs = {}, labels = {}, target, platform, noCache, noCacheFilter, pull, networkMode, extraHosts = [], shmSizeBytes, ulimits } = options;
  if (networkMode !== undefined && !["default", "host", "none"].includes(networkMode)) throw invalid(`the network mode "${networkMode}": BuildKit has default, host and none`);
  if (extraHosts.some((entry) => /[:=]host-gateway$/.test(entry))) throw invalid('the extra host "host-gateway" together with several platforms, cacheTo or noCacheFilter: write the address');
  const cacheFrom = cacheImages(options);
  const attributes: Record<string, string | undefined> = {
    filename,
    target,
    platform,
    "image-resolve-mode": pull ? "pull" : "default",
    "no-cache": noCache ? "" : noCacheFilter?.join(","),
    "cache-from": cacheFrom?.join(","),
    "force-network-mode": networkMode === "default" ? undefined : networkMode,
    "add-hosts": extraHosts.length > 0 ? extraHosts.map((entry) => entry.replace(/^([^:=]+)[:=]/, "$1=")).join(",") : undefined,
    "shm-size": shmSizeBytes?.toString(),
    ulimit: ulimits?.join(","),
    ...prefixed("build-arg:", buildArgs),
    ...prefixed("label:", labels),
  };
  return Object.fromEntries(Object.entries(attributes).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function prefixed(prefix: string, texts: Texts): Texts {
  return Object.fromEntries(Object.entries(texts).map(([name, value]) => [prefix + name, value]));
}

function parseCacheTo(text: string): Record<string, string> {
  return Object.fromEntries(text.split(",").map((part) => [part.slice(0, part.indexOf("=")), part.slice(part.indexOf("=") + 1)]));
}

function writeTexts(writer: Writer, tag: number, texts: Texts): void {
  for (const [name, value] of Object.entries(texts)) writer.uint32(tag).fork().uint32(10).string(name).uint32(18).string(value).ldelim();
}

function decodePair(bytes: Uint8Array): [string, string] {
  const reader = new Reader(bytes);
  const pair: [string, string] = ["", ""];
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag === 10) pair[0] = reader.string();
    else if (tag === 18) pair[1] = reader.string();
    else reader.skipType(tag & 7);
  }
  return pair;
}

function invalid(what: string): ImageBuilderError {
  return new ImageBuilderError("optionInvalid", `BuildKit cannot build with ${what}.`);
}
