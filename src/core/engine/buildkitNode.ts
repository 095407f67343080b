import { foreignWords } from "../border/foreignWords";
import { ImageBuilderError } from "../base/errors";
import { daemonAt } from "../transport/daemonName";
import type { Endpoint } from "../transport/endpoint";
import { GrpcError, grpcStatus } from "../transport/grpc";
import { callOnce, type GrpcClient } from "../transport/grpcClient";
import { decodeMessage } from "../transport/message";
import { openGrpc } from "../transport/openGrpc";
import { probeFailure } from "../transport/probeFailure";
import { InfoResponse, ListWorkersResponse } from "../transport/proto/control.pb";
import type { BuildkitDaemon } from "./buildkitDaemon";
import { usualPulse, type PingedDaemon } from "./heartbeat";
import type { EngineIdentity } from "./probe";

const infoMethod = "/moby.buildkit.v1.Control/Info";
const workersMethod = "/moby.buildkit.v1.Control/ListWorkers";

/** Time to wait for the daemon's description, in milliseconds; a login over SSH may precede it. */
const infoMs = 20_000;

/** API version of Docker 24, which contains BuildKit 0.11, the oldest that describes itself. */
const sameAsDocker = "1.43";

const longestVersion = 60;
const mostPlatforms = 50;

/** BuildKit daemon without Docker, which keeps no images. */
export class BuildkitNode implements BuildkitDaemon, PingedDaemon {
  readonly pulse = usualPulse;

  private constructor(
    readonly endpoint: Endpoint,
    readonly identity: EngineIdentity,
    private readonly connection: GrpcClient,
  ) {}

  /**
   * Connects to a daemon and asks what it is.
   *
   * @throws ImageBuilderError `daemonUnreachable`, `daemonDenied`, `daemonTls`, `daemonTooOld`, `daemonFailed`; the
   * signal's reason
   */
  static async open(endpoint: Endpoint, signal: AbortSignal): Promise<BuildkitNode> {
    let connection: GrpcClient | undefined;
    try {
      connection = await openGrpc(endpoint, signal);
      const answer = await answerWithin(infoMs, callOnce(connection, infoMethod, new Uint8Array()), signal);
      return new BuildkitNode(endpoint, identityIn(answer, endpoint), connection);
    } catch (error) {
      connection?.close();
      signal.throwIfAborted();
      throw error instanceof GrpcError ? refusal(endpoint, error) : probeFailure(endpoint, error);
    }
  }

  /**
   * Returns the platforms that the daemon builds for.
   *
   * @throws ImageBuilderError `daemonFailed`, `daemonUnreachable`; the signal's reason
   */
  async platforms(signal: AbortSignal): Promise<string[]> {
    try {
      const answer = await answerWithin(infoMs, callOnce(this.connection, workersMethod, new Uint8Array()), signal);
      const { record } = decodeMessage(ListWorkersResponse, answer);
      const names = record.flatMap(({ platforms }) =>
        platforms.map(({ OS, Architecture, Variant }) => [OS, Architecture, Variant].filter(Boolean).join("/")),
      );
      return [...new Set(names)].slice(0, mostPlatforms).map((each) => foreignWords(each, longestVersion));
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof GrpcError ? refusal(this.endpoint, error) : probeFailure(this.endpoint, error);
    }
  }

  async hasContainerdStore(): Promise<boolean> {
    return true;
  }

  async bridgeGateways(): Promise<string[]> {
    return [];
  }

  /** Whether the daemon responds; never throws. HTTP/2 pings would not do: BuildKit ends connections that send many. */
  async ping(signal: AbortSignal): Promise<boolean> {
    try {
      await answerWithin(this.pulse.timeoutMs, callOnce(this.connection, infoMethod, new Uint8Array()), signal);
      return true;
    } catch (error) {
      return error instanceof GrpcError;
    }
  }

  /** Closes the connection over which the daemon is pinged. */
  close(): void {
    this.connection.close();
  }
}

/** @throws Error with `timeoutMs` after that time; the signal's reason */
async function answerWithin(timeoutMs: number, answer: Promise<Uint8Array>, signal: AbortSignal): Promise<Uint8Array> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const either = AbortSignal.any([signal, timeout]);
  const ended = new Promise<never>((_, reject) => {
    const stop = (): void =>
      reject(timeout.aborted ? Object.assign(new Error("timed out"), { timeoutMs }) : signal.reason);
    if (either.aborted) stop();
    else either.addEventListener("abort", stop, { once: true });
  });
  answer.catch(() => undefined);
  return Promise.race([answer, ended]);
}

function identityIn(answer: Uint8Array, endpoint: Endpoint): EngineIdentity {
  try {
    const { buildkitVersion } = decodeMessage(InfoResponse, answer);
    const version = foreignWords(buildkitVersion?.version ?? "", longestVersion) || "of an unknown version";
    return { product: "buildkit", version, apiVersion: sameAsDocker, os: "linux", buildkit: true };
  } catch (cause) {
    throw new ImageBuilderError(
      "daemonFailed",
      `${daemonAt(endpoint)} returned an invalid description. Check that it is a BuildKit daemon.`,
      { cause },
    );
  }
}

function refusal(endpoint: Endpoint, error: GrpcError): ImageBuilderError {
  const daemon = `${daemonAt(endpoint)} (${endpoint.source})`;
  if (error.status === grpcStatus.unimplemented)
    return new ImageBuilderError("daemonTooOld", `${daemon} is too old: BuildKit 0.11 or newer is required.`, {
      cause: error,
    });
  const words = foreignWords(error.message, 500).replace(/\.$/, "");
  return new ImageBuilderError("daemonFailed", `${daemon} refused to describe itself: ${words}. Check its log.`, {
    cause: error,
  });
}
