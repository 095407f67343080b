import { performServerHandshake, type ServerHttp2Stream } from "node:http2";
import type { Duplex } from "node:stream";
import type { CredentialAnswer } from "../credentials/credentialSource";
import { ImageBuilderError, messageOf } from "../base/errors";
import type { Log } from "../base/log";
import type { ExportTarget } from "./exportTarget";
import { diffCopy, type SyncedDirectory } from "./fileSync";
import {
  answerUnary,
  connectionSettings,
  finish,
  GrpcError,
  grpcStatus,
  respond,
  widenWindow,
  type RawHeaders,
} from "../transport/grpc";
import { encodeMessage } from "../transport/message";
import { HealthCheckResponse, HealthCheckResponse_ServingStatus } from "../transport/proto/health.pb";
import { answerInfo, answerRead, type ServedLayout } from "./layoutContent";
import { answerCredentials } from "./registryAuth";
import { answerSecret } from "./secrets";
import { answerCheckAgent, forwardAgent, type AgentSockets } from "./sshForward";
import { answerAuthority, answerToken, answerVerification, type TokenSource } from "./tokenAuthority";

/** Services that the daemon may call during a build. */
export interface SessionServices {
  readonly directories: ReadonlyMap<string, SyncedDirectory>;
  /** Returns the credentials for a registry that requires a password; undefined if the daemon gets none. */
  readonly findPassword: (host: string) => Promise<CredentialAnswer | undefined>;
  readonly tokens: TokenSource;
  readonly readSecret: (id: string) => Promise<Uint8Array | undefined>;
  readonly agentSockets: AgentSockets;
  /** Layouts that named contexts are read from. */
  readonly layouts: readonly ServedLayout[];
  /** Target for the result that the daemon sends; undefined if the daemon keeps the result. */
  readonly exportTarget?: ExportTarget;
  readonly log: Log;
}

/**
 * Opens the connection of a session with its headers, over which the daemon then calls back.
 *
 * @throws errors of connecting to the daemon
 */
export type OpenSession = (headers: Readonly<Record<string, string | string[]>>) => Promise<Duplex>;

type Handler = (stream: ServerHttp2Stream, headers: RawHeaders) => Promise<void>;

const serving = encodeMessage(HealthCheckResponse, { status: HealthCheckResponse_ServingStatus.SERVING });
const content = "/containerd.services.content.v1.Content";
const healthCheck = "/grpc.health.v1.Health/Check";

/** Calls of which a build makes any number: a large blob is read in parts. */
const uncounted: ReadonlySet<string> = new Set([healthCheck, `${content}/Read`]);
/** Maximum number of other calls; no real build makes that many. */
const mostCalls = 10_000;

/**
 * BuildKit session: the daemon calls back over one connection for files, credentials, secrets, and SSH agents.
 *
 * `@grpc/grpc-js` is not used: it creates an object for each packet of each file, whereas `packetBatch.ts` writes the
 * bytes in place.
 */
export class Session {
  readonly #handlers: ReadonlyMap<string, Handler>;
  #socket: Duplex | undefined;
  #calls = 0;
  #failure: Error | undefined;
  #onFailure: (error: Error) => void = () => {};

  /** @param id id by which builds refer to the session */
  constructor(
    private readonly id: string,
    private readonly services: SessionServices,
  ) {
    const { exportTarget } = services;
    this.#handlers = new Map<string, Handler>([
      // If a daemon gets no answer to its health check, it closes the session within a second.
      [healthCheck, (stream) => answerUnary(stream, async () => serving)],
      ["/moby.filesync.v1.FileSync/DiffCopy", (stream, headers) => diffCopy(stream, headers, services.directories)],
      [
        "/moby.filesync.v1.Auth/Credentials",
        (stream) => answerUnary(stream, (request) => answerCredentials(request, services.findPassword)),
      ],
      [
        "/moby.filesync.v1.Auth/GetTokenAuthority",
        (stream) => answerUnary(stream, (request) => answerAuthority(request, services.tokens)),
      ],
      [
        "/moby.filesync.v1.Auth/VerifyTokenAuthority",
        (stream) => answerUnary(stream, (request) => answerVerification(request, services.tokens)),
      ],
      [
        "/moby.filesync.v1.Auth/FetchToken",
        (stream) => answerUnary(stream, (request) => answerToken(request, services.tokens)),
      ],
      [
        "/moby.buildkit.secrets.v1.Secrets/GetSecret",
        (stream) => answerUnary(stream, (request) => answerSecret(request, services.readSecret)),
      ],
      [
        "/moby.sshforward.v1.SSH/CheckAgent",
        (stream) => answerUnary(stream, async (request) => answerCheckAgent(request, services.agentSockets)),
      ],
      [
        "/moby.sshforward.v1.SSH/ForwardAgent",
        (stream, headers) => forwardAgent(stream, headers, services.agentSockets),
      ],
      ...(services.layouts.length > 0
        ? ([
            [`${content}/Info`, (stream, headers) => answerInfo(stream, headers, services.layouts)],
            [`${content}/Read`, (stream, headers) => answerRead(stream, headers, services.layouts)],
          ] satisfies [string, Handler][])
        : []),
      ...(exportTarget
        ? [
            ["/moby.filesync.v1.FileSend/DiffCopy", (stream) => exportTarget.receive(stream)] satisfies [
              string,
              Handler,
            ],
          ]
        : []),
    ]);
  }

  /**
   * Opens the session.
   *
   * @param sharedKey the same for each build of a folder: the daemon doesn't request files again that it already has
   * under this key
   * @throws errors of connecting to the daemon
   */
  async open(openSession: OpenSession, sharedKey: string): Promise<void> {
    const socket = await openSession({
      "x-docker-expose-session-uuid": this.id,
      "x-docker-expose-session-name": "image-builders",
      "x-docker-expose-session-sharedkey": sharedKey,
      "x-docker-expose-session-grpc-method": [...this.#handlers.keys()],
    });
    this.#socket = socket;
    socket.on("error", () => this.close());
    const http2 = performServerHandshake(socket, { settings: connectionSettings });
    widenWindow(http2);
    http2.on("error", (error) =>
      this.services.log.debug(`The session with the daemon was interrupted: ${messageOf(error)}`),
    );
    http2.on("stream", (stream: ServerHttp2Stream, _headers: object, _flags: number, rawHeaders: RawHeaders) => {
      void this.#answer(stream, rawHeaders);
    });
  }

  /**
   * Rejects with an error on this side, such as a file that can't be read: the daemon only knows that something failed.
   * Never resolves.
   */
  failed(): Promise<never> {
    return new Promise((_, reject) => {
      if (this.#failure) reject(this.#failure);
      else this.#onFailure = reject;
    });
  }

  /** Throws the error that has occurred on this side, if any. */
  check(): void {
    if (this.#failure) throw this.#failure;
  }

  /** Closes the connection, even if data is still being sent. */
  close(): void {
    this.#socket?.destroy();
  }

  async #answer(stream: ServerHttp2Stream, headers: RawHeaders): Promise<void> {
    // The daemon resets a stream when a build is canceled; the next write to it reports that.
    stream.on("error", () => {});
    const method = headers[headers.indexOf(":path") + 1] ?? "";
    const handler = this.#handlers.get(method);
    if (!handler) {
      respond(stream);
      return finish(stream, grpcStatus.unimplemented, `unknown method ${method}`);
    }
    try {
      if (!uncounted.has(method) && ++this.#calls > mostCalls) {
        throw new ImageBuilderError(
          "requestRefused",
          `The daemon made more than ${mostCalls} requests, so the build was stopped. ` +
            "Check that the daemon can be trusted.",
        );
      }
      await handler(stream, headers);
    } catch (error) {
      if (error instanceof GrpcError) return finish(stream, error.status, error.message);
      finish(stream, grpcStatus.unknown, messageOf(error));
      if (ImageBuilderError.is(error, "requestRefused")) this.services.log.warn(error.message);
      if (!ImageBuilderError.is(error))
        return this.services.log.debug(`The daemon aborted ${method}: ${messageOf(error)}`);
      this.#failure ??= error;
      this.#onFailure(this.#failure);
    }
  }
}
