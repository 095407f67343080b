import { randomBytes, randomUUID } from "node:crypto";
import type { BuildOptions } from "../base/buildOptions";
import { silentLog } from "../base/log";
import type { DockerfileSource } from "../context/files/dockerfileSource";
import { isForeignSyntax, syntaxOf } from "../dockerfile/syntax";
import { dockerfileEntries } from "../session/dockerfileEntries";
import { Session } from "../session/session";
import { daemonAt } from "../transport/daemonName";
import { isHere } from "../transport/endpointAddress";
import { GrpcError, grpcStatus } from "../transport/grpc";
import { callOnce, GrpcClient } from "../transport/grpcClient";
import { decodeMessage, encodeMessage } from "../transport/message";
import { FrontendRequest, FrontendResponse, ReturnRequest } from "../transport/proto/gateway.pb";
import { DaemonRefusal } from "../transport/refusalWords";
import { EngineAgent } from "../transport/transport";
import { upgrade } from "../transport/upgrade";
import { readCheckResult, type DockerfileFinding } from "./checkResult";
import type { EngineClient } from "./engineClient";
import { requestFailure } from "./requestFailure";
import { encodeCallRequest } from "./solveRequest";

/** Dockerfile to be checked, which need not be saved. */
export interface CheckedDockerfile {
  readonly dockerfile: DockerfileSource;
  /** Content of the ignore file that a build would use; undefined if there is none. */
  readonly ignoreFile?: Buffer;
  readonly options: Pick<BuildOptions, "buildArgs" | "target" | "platform">;
}

const solveMethod = "/moby.buildkit.v1.Control/Solve";
const frontendMethod = "/moby.buildkit.v1.frontend.LLBBridge/Solve";
const returnMethod = "/moby.buildkit.v1.frontend.LLBBridge/Return";

const lintRequest = "frontend.lint";

/** Header by which BuildKit assigns the calls of a frontend to a build. */
const buildHeader = "buildkit-controlapi-buildid";

/** Time limit in milliseconds: BuildKit reads the configurations of base images, which may come from a registry. */
const checkMs = 20_000;

/** Limit in bytes on a Dockerfile: the daemon returns it with its findings, and it is checked after each edit. */
const largestDockerfile = 2 ** 20;

/** Daemons that have no checks, so that each edit doesn't ask them again. */
const withoutChecks = new WeakSet<EngineClient>();

/**
 * Runs the checks of a daemon's BuildKit on a Dockerfile, as `docker build --check` does. The daemon gets only the
 * Dockerfile and its ignore file, and no credentials.
 *
 * @returns undefined if there are no checks: the daemon is on another machine, or has no BuildKit with checks (Docker
 * 26 and older, Podman), the file has more than 1 MiB, or another frontend than Docker's reads it
 * @throws ImageBuilderError `daemonLost`, `daemonFailed`; the signal's reason
 */
export async function checkDockerfile(
  client: EngineClient,
  checked: CheckedDockerfile,
  signal: AbortSignal,
): Promise<DockerfileFinding[] | undefined> {
  signal.throwIfAborted();
  const { dockerfile, options } = checked;
  if (!isHere(client.endpoint) || withoutChecks.has(client)) return undefined;
  if (dockerfile.bytes.length > largestDockerfile) return undefined;
  if (isForeignSyntax(syntaxOf(dockerfile.text, options.buildArgs))) return undefined;
  const ended = new AbortController();
  const either = AbortSignal.any([signal, ended.signal, AbortSignal.timeout(checkMs)]);
  try {
    const result = await lintResult(client, checked, either);
    return result && readCheckResult(result, dockerfile, daemonAt(client.endpoint));
  } catch (error) {
    signal.throwIfAborted();
    if (isUnsupported(error)) {
      withoutChecks.add(client);
      return undefined;
    }
    throw requestFailure("daemonFailed", `Can't check "${dockerfile.name}"`, error, signal);
  } finally {
    ended.abort();
  }
}

/**
 * A daemon without BuildKit refuses the upgrade, and an older BuildKit doesn't know the request: Docker 20.10 says so
 * only in words.
 */
function isUnsupported(error: unknown): boolean {
  if (error instanceof DaemonRefusal) return error.statusCode === 404;
  if (!(error instanceof GrpcError)) return false;
  return error.status === grpcStatus.unimplemented || error.message.endsWith(`unsupported request ${lintRequest}`);
}

/** Returns the `result.json` of the frontend's checks. */
async function lintResult(
  client: EngineClient,
  { dockerfile, ignoreFile, options }: CheckedDockerfile,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const [ref, sessionId] = [randomBytes(12).toString("hex"), randomUUID()];
  const session = sessionOf(sessionId, dockerfile, ignoreFile);
  const agent = new EngineAgent(client.endpoint);
  let buildkit: GrpcClient | undefined;
  const close = (): void => {
    session.close();
    agent.destroy();
    buildkit?.close();
  };
  signal.addEventListener("abort", close);
  try {
    const [calls] = await Promise.all([
      client.openBuildkit(signal).then((socket) => (buildkit = new GrpcClient(socket))),
      session.open((headers) => upgrade(agent, "/session", headers, signal), ref),
    ]);
    signal.throwIfAborted();
    // This call lasts until the frontend's calls have ended, and fails if they do.
    const opened = callOnce(calls, solveMethod, encodeCallRequest(ref, sessionId));
    opened.catch(() => undefined);
    const request = encodeMessage(FrontendRequest, {
      Frontend: "dockerfile.v0",
      FrontendOpt: frontendOptions(dockerfile, options),
      allowResultReturn: true,
      allowResultArrayRef: true,
    });
    const inBuild = { call: (path: string, bytes: Uint8Array) => calls.call(path, bytes, { [buildHeader]: ref }) };
    const answered = callOnce(inBuild, frontendMethod, request);
    const { result } = decodeMessage(FrontendResponse, await Promise.race([answered, opened.then(() => answered)]));
    await callOnce(inBuild, returnMethod, encodeMessage(ReturnRequest, { result: { metadata: {} } }));
    return result?.metadata["result.json"];
  } finally {
    signal.removeEventListener("abort", close);
    close();
  }
}

/** Creates a session that serves the Dockerfile and its ignore file, and nothing else. */
function sessionOf(id: string, { name, bytes }: DockerfileSource, ignoreFile: Buffer | undefined): Session {
  return new Session(id, {
    directories: new Map([["dockerfile", { entries: () => dockerfileEntries(name, bytes, ignoreFile) }]]),
    findPassword: async () => undefined,
    tokens: {
      seed: async () => undefined,
      token: () => Promise.reject(new Error("checks have no credentials")),
    },
    readSecret: async () => undefined,
    agentSockets: new Map(),
    layouts: [],
    log: silentLog,
  });
}

function frontendOptions(
  { name }: DockerfileSource,
  { buildArgs = {}, target, platform }: CheckedDockerfile["options"],
): Record<string, string> {
  return {
    filename: name,
    requestid: lintRequest,
    // Allows the frontend of a `# syntax` line to answer the request.
    "frontend.caps": "moby.buildkit.frontend.subrequests+forward",
    "image-resolve-mode": "local",
    ...(target !== undefined && { target }),
    ...(platform !== undefined && { platform }),
    ...Object.fromEntries(Object.entries(buildArgs).map(([key, value]) => [`build-arg:${key}`, value])),
  };
}
