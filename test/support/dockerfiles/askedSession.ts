import { randomBytes, randomUUID } from "node:crypto";
import { performServerHandshake, type ServerHttp2Stream } from "node:http2";
import { posix } from "node:path";
import { Writer } from "protobufjs/minimal";
import type { BuildOptions } from "../../../src/core/base/buildOptions";
import { compareTree } from "../../../src/core/context/files/pathOrder";
import type { ContextEntry } from "../../../src/core/context/files/contextEntry";
import { resolveEndpoint } from "../../../src/core/transport/endpoint";
import { dockerfileEntries } from "../../../src/core/session/dockerfileEntries";
import { diffCopy } from "../../../src/core/session/fileSync";
import {
  answerUnary,
  finish,
  GrpcError,
  metadataValues,
  respond,
  type RawHeaders,
} from "../../../src/core/transport/grpc";
import { callOnce, GrpcClient } from "../../../src/core/transport/grpcClient";
import { decodeMessage } from "../../../src/core/transport/message";
import { GetSecretRequest } from "../../../src/core/transport/proto/secrets.pb";
import { CheckAgentRequest } from "../../../src/core/transport/proto/ssh.pb";
import { EngineAgent } from "../../../src/core/transport/transport";
import { upgrade } from "../../../src/core/transport/upgrade";

/** A Dockerfile and how it is built. */
export interface DockerfileCase extends Pick<BuildOptions, "buildArgs" | "target" | "platform"> {
  readonly text: string;
}

/** What BuildKit asked of the session while it built. */
export interface Asked {
  /** Of the context, in its own order; empty for everything, undefined where it did not ask for any. */
  readonly paths?: readonly string[];
  readonly secrets: readonly string[];
  readonly ssh: readonly string[];
  /** Why the build ended before its end. */
  readonly failure?: string;
}

/** How long a build may take, in milliseconds. */
const patienceMs = 60_000;

/**
 * Builds a Dockerfile by a session that has none of what the build wants and makes it up when it is asked: each path is
 * there, each secret has a value. So BuildKit goes on and asks for all it needs.
 *
 * @param names what the context holds besides what is asked for, since a whole context is asked for without names
 */
export async function askedBy(dockerHost: string, one: DockerfileCase, names: readonly string[]): Promise<Asked> {
  const agent = new EngineAgent(await resolveEndpoint({ dockerHost }));
  const signal = AbortSignal.timeout(patienceMs);
  const id = randomUUID();
  const session = new AskedSession(one.text, names);
  try {
    await session.open(agent, id, signal);
    const buildkit = new GrpcClient(await upgrade(agent, "/grpc", {}, signal));
    signal.addEventListener("abort", () => buildkit.close());
    const failure = await callOnce(buildkit, "/moby.buildkit.v1.Control/Solve", solveRequest(id, one)).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    buildkit.close();
    return { paths: session.paths, secrets: [...session.secrets].sort(), ssh: [...session.ssh].sort(), failure };
  } finally {
    agent.destroy();
  }
}

class AskedSession {
  paths: readonly string[] | undefined;
  readonly secrets = new Set<string>();
  readonly ssh = new Set<string>();

  constructor(
    private readonly text: string,
    private readonly names: readonly string[],
  ) {}

  async open(agent: EngineAgent, id: string, signal: AbortSignal): Promise<void> {
    const handlers: Readonly<Record<string, (stream: ServerHttp2Stream, headers: RawHeaders) => Promise<void>>> = {
      "/grpc.health.v1.Health/Check": (stream) => answerUnary(stream, async () => Uint8Array.of(0x08, 0x01)),
      "/moby.filesync.v1.FileSync/DiffCopy": (stream, headers) => this.#sendFiles(stream, headers),
      "/moby.filesync.v1.Auth/Credentials": (stream) => answerUnary(stream, async () => new Uint8Array()),
      "/moby.buildkit.secrets.v1.Secrets/GetSecret": (stream) =>
        answerUnary(stream, async (request) => this.#secret(decodeMessage(GetSecretRequest, request).ID)),
      "/moby.sshforward.v1.SSH/CheckAgent": (stream) =>
        answerUnary(stream, async (request) => this.#agent(decodeMessage(CheckAgentRequest, request).ID)),
    };
    const methods = Object.keys(handlers);
    const headers = {
      "X-Docker-Expose-Session-Uuid": id,
      "X-Docker-Expose-Session-Name": "oracle",
      "X-Docker-Expose-Session-Sharedkey": id,
      "X-Docker-Expose-Session-Grpc-Method": methods,
    };
    const http2 = performServerHandshake(await upgrade(agent, "/session", headers, signal));
    http2.on("error", () => {});
    http2.on("stream", (stream: ServerHttp2Stream, _headers: object, _flags: number, raw: RawHeaders) => {
      stream.on("error", () => {});
      const handler = handlers[raw[raw.indexOf(":path") + 1] ?? ""];
      if (!handler) {
        respond(stream);
        return finish(stream, 12, "not served");
      }
      void handler(stream, raw).catch((error: unknown) =>
        finish(stream, error instanceof GrpcError ? error.status : 2, String(error)),
      );
    });
  }

  async #sendFiles(stream: ServerHttp2Stream, headers: RawHeaders): Promise<void> {
    const followPaths = metadataValues(headers, "followpaths");
    const isContext = metadataValues(headers, "dir-name")[0] === "context" && followPaths.join() !== ".dockerignore";
    if (isContext) this.paths = followPaths;
    const entries = treeOf(followPaths.length > 0 ? followPaths : this.names);
    await diffCopy(
      stream,
      headers,
      new Map([
        [
          "context",
          {
            entries: async function* () {
              yield isContext ? entries : [];
            },
          },
        ],
        ["dockerfile", { entries: () => dockerfileEntries("Dockerfile", Buffer.from(this.text)) }],
      ]),
    );
  }

  #secret(id: string): Uint8Array {
    this.secrets.add(id);
    return Writer.create().uint32(10).bytes(randomBytes(8)).finish();
  }

  #agent(id: string): Uint8Array {
    this.ssh.add(id || "default");
    return new Uint8Array();
  }
}

/** A file at each path, a folder where another is below it; a wildcard stands for one name. */
function treeOf(paths: readonly string[]): ContextEntry[] {
  const clean = paths
    .map((path) => posix.join("/", path.replace(/\[.*?\]|\\?[*?]/g, "x")).slice(1))
    .filter((path) => path !== "");
  const folders = new Set(
    clean.flatMap((path) =>
      path
        .split("/")
        .slice(0, -1)
        .map((_, i, parts) => parts.slice(0, i + 1).join("/")),
    ),
  );
  const all = [...new Set([...folders, ...clean])].sort(compareTree);
  return all.map((path) => {
    const content = Buffer.from(path);
    const shared = { path, mtimeMs: 1_700_000_000_000 };
    return folders.has(path)
      ? { ...shared, kind: "directory", mode: 0o755, sizeBytes: 0 }
      : { ...shared, kind: "file", mode: 0o644, sizeBytes: content.length, content };
  });
}

/**
 * Without an exporter the result is made and not kept; without the cache each step is done, and asks for what it needs.
 */
function solveRequest(session: string, { target, platform, buildArgs = {} }: DockerfileCase): Uint8Array {
  const request = Writer.create()
    .uint32(10)
    .string(randomBytes(12).toString("hex"))
    .uint32(42)
    .string(session)
    .uint32(50)
    .string("dockerfile.v0");
  const attributes: Record<string, string | undefined> = { filename: "Dockerfile", target, platform, "no-cache": "" };
  for (const [name, value] of Object.entries(buildArgs)) attributes[`build-arg:${name}`] = value;
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined) request.uint32(58).fork().uint32(10).string(name).uint32(18).string(value).ldelim();
  return request.finish();
}
