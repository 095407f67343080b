import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import {
  connect as connectHttp2,
  performServerHandshake,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import { Duplex } from "node:stream";
import { Writer } from "protobufjs/minimal";
import { decode, endOf, framed, messagesOf } from "./grpc";
import { socketAddress, socketPlace } from "./socketPlace";

/** What a service of the session answered. */
export interface Answer {
  readonly status: number;
  readonly message: string;
  readonly messages: readonly Buffer[];
}

/** A file that came, or what came of it. */
export interface CopiedFile {
  readonly path: string;
  readonly mode: number;
  readonly linkname: string;
  readonly bytes: Buffer;
}

/** What a transfer brought. */
export interface Copied {
  readonly files: readonly CopiedFile[];
  /** The error in the stream or the status that ended it; empty when it ended well. */
  readonly failure: string;
}

/** How to ask for files. */
export interface CopyQuestion {
  readonly dirName: string;
  readonly followPaths?: readonly string[];
  readonly metadata?: Readonly<Record<string, string | readonly string[]>>;
  /** Called once the list has come, before anything is asked for. */
  readonly beforeRequests?: () => void | Promise<void>;
  /** The numbers to ask for, of the entries listed; all files, if not given. */
  readonly ids?: (files: readonly CopiedFile[]) => readonly number[];
}

/** What a build asks of its client while it runs; what it throws is the build's failure. */
export type Script = (session: CalledSession, request: IncomingMessage) => Promise<void>;

const imageId = `sha256:${"0".repeat(64)}`;

const goDirectory = 2 ** 31;
const goTypes = 0x8f280000;

/**
 * Looks like a Docker daemon with BuildKit, and does in its builds whatever a test says: it calls back over the session
 * by the documented protocol, as a hostile daemon could.
 */
export class ScriptedDaemon {
  /** All that clients have sent, in order of arrival. */
  received: Buffer[] = [];
  /** What methods of BuildKit's API answer instead of what they would, by the ends of their paths. */
  readonly answers = new Map<string, Uint8Array>();
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #sessions = new Map<string, CalledSession>();
  #waiting: (() => void)[] = [];

  private constructor(
    /** What the next builds do. */
    public script: Script,
  ) {
    this.#server = createServer((request, answer) => void this.#answer(request, answer));
    this.#server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => {}).on("close", () => this.#sockets.delete(socket));
      socket.prependListener("data", (chunk: Buffer) => void this.received.push(chunk));
    });
    this.#server.on("upgrade", (request, socket: Socket, head: Buffer) => {
      socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
      if (request.url?.endsWith("/grpc")) this.#serveBuildkit(request, socket, head);
      else this.#openSession(request, socket, head);
    });
  }

  /** @param place `socket` is a daemon of this machine, `tcp` one that may be elsewhere */
  static async start(place: "socket" | "tcp", script: Script): Promise<ScriptedDaemon> {
    const daemon = new ScriptedDaemon(script);
    if (place === "tcp") daemon.#server.listen(0, "127.0.0.1");
    else daemon.#server.listen(socketPlace());
    await once(daemon.#server, "listening");
    return daemon;
  }

  get dockerHost(): string {
    const address = this.#server.address() as AddressInfo | string;
    return typeof address === "string" ? socketAddress(address) : `tcp://127.0.0.1:${address.port}`;
  }

  /** How often a text was sent, plain or in base64. */
  countOf(text: string): number {
    const all = Buffer.concat(this.received).toString("latin1");
    const forms = [text, Buffer.from(text).toString("base64").replace(/=+$/, "")];
    return forms.reduce((count, form) => count + all.split(form).length - 1, 0);
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #answer(request: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? "", "http://daemon");
    const path = pathname.replace(/^\/v[\d.]+/, "");
    const headers = {
      "Api-Version": "1.41",
      Server: "Docker/20.10.24 (linux)",
      "Docker-Experimental": "false",
      "Builder-Version": "2",
    };
    if (path === "/_ping") return void answer.writeHead(200, headers).end("OK");
    if (path !== "/build")
      return void answer.writeHead(200, { ...headers, "content-type": "application/json" }).end("{}");
    const lines = answer.writeHead(200, { ...headers, "content-type": "application/json" });
    try {
      await this.script(new CalledSession(undefined), request);
      lines.end(`${JSON.stringify({ aux: { ID: imageId } })}\n`);
    } catch (error) {
      lines.end(`${JSON.stringify({ errorDetail: { message: String(error) }, error: String(error) })}\n`);
    }
  }

  #openSession(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const http2 = connectHttp2("http://session", { createConnection: () => this.#recorded(socket, head) });
    http2.on("error", () => {});
    this.#sessions.set(String(request.headers["x-docker-expose-session-uuid"]), new CalledSession(http2));
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** Answers `Control/Solve` once the script is done, and `Control/Status` without any progress. */
  #serveBuildkit(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const http2 = performServerHandshake(this.#recorded(socket, head));
    http2.on("error", () => {});
    http2.on("stream", (stream, headers) => {
      stream.on("error", () => {});
      stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
      const end = (trailers: Readonly<Record<string, string>>): void => {
        stream.once("wantTrailers", () => stream.sendTrailers(trailers)).end();
      };
      const given = this.answers.get(headers[":path"]?.replace(/^.*\//, "") ?? "");
      if (given) stream.write(framed(given));
      if (given || !headers[":path"]?.endsWith("/Solve")) return end({ "grpc-status": "0" });
      const answer = Writer.create()
        .uint32(10)
        .fork()
        .uint32(10)
        .string("containerimage.digest")
        .uint32(18)
        .string(imageId)
        .ldelim();
      void this.#solve(stream, request).then(
        () => (stream.write(framed(answer.finish())), end({ "grpc-status": "0" })),
        (error: unknown) => end({ "grpc-status": "2", "grpc-message": encodeURIComponent(String(error)) }),
      );
    });
  }

  async #solve(stream: ServerHttp2Stream, request: IncomingMessage): Promise<void> {
    let asked: Buffer = Buffer.alloc(0);
    for await (const message of messagesOf(stream)) asked = message;
    await this.script(await this.#session(String(decode(asked).get(5)?.[0] ?? "")), request);
  }

  /** HTTP/2 takes sockets over natively, past their events. */
  #recorded(socket: Socket, head: Buffer): Duplex {
    socket.removeAllListeners("data");
    const recorded = new Duplex({
      read: () => void socket.resume(),
      write: (chunk: Buffer, _encoding, done) => void socket.write(chunk, () => done()),
      destroy: (error, done) => (socket.destroy(), done(error)),
    });
    const take = (chunk: Buffer): void => {
      if (!recorded.push(chunk)) socket.pause();
    };
    socket
      .on("data", (chunk: Buffer) => void (this.received.push(chunk), take(chunk)))
      .on("close", () => recorded.destroy());
    if (head.length > 0) take(head);
    return recorded;
  }

  async #session(id: string): Promise<CalledSession> {
    for (;;) {
      const session = this.#sessions.get(id);
      if (session) return session;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

/** A client's session as a daemon calls it. */
export class CalledSession {
  constructor(private readonly http2: ClientHttp2Session | undefined) {}

  /** Opens a call of a method, such as `/moby.filesync.v1.Auth/Credentials`. */
  open(method: string, metadata: Readonly<Record<string, string | readonly string[]>> = {}): ClientHttp2Stream {
    if (!this.http2) throw new Error("there is no session");
    const stream = this.http2.request({
      ":method": "POST",
      ":path": method,
      "content-type": "application/grpc",
      te: "trailers",
      ...metadata,
    } as never);
    stream.on("error", () => {});
    return stream;
  }

  /** Calls a method with one message. */
  async call(method: string, message: Uint8Array, metadata: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const stream = this.open(method, metadata);
    const end = endOf(stream);
    stream.end(framed(message));
    const messages: Buffer[] = [];
    for await (const answer of messagesOf(stream)) messages.push(answer);
    return { ...(await end), messages };
  }

  /** Copies files as BuildKit does: takes the list, asks for files, takes them, ends. */
  async copy({ dirName, followPaths = [], metadata, beforeRequests, ids }: CopyQuestion): Promise<Copied> {
    const stream = this.open("/moby.filesync.v1.FileSync/DiffCopy", {
      "dir-name": dirName,
      ...(followPaths.length > 0 && { followpaths: followPaths }),
      ...metadata,
    });
    const end = endOf(stream);
    const entries: CopiedFile[] = [];
    const bytes = new Map<number, Buffer[]>();
    let open = new Set<number>();
    for await (const message of messagesOf(stream)) {
      const packet = decode(message);
      const type = Number(packet.get(1)?.[0] ?? 0);
      const id = Number(packet.get(3)?.[0] ?? 0);
      const data = packet.get(4)?.[0];
      if (type === 4) {
        stream.end();
        return { files: withBytes(entries, bytes), failure: String(data) };
      }
      if (type === 0 && packet.has(2)) entries.push(entryOf(packet.get(2)?.[0] as Buffer));
      else if (type === 0) {
        await beforeRequests?.();
        open = new Set(ids?.(entries) ?? entries.flatMap((entry, i) => (isFile(entry) ? [i] : [])));
        for (const wanted of ids?.(entries) ?? open)
          stream.write(framed(Writer.create().uint32(8).int32(1).uint32(24).uint32(wanted).finish()));
        if (open.size === 0) stream.write(framed(finish));
      } else if (type === 2) {
        if (Buffer.isBuffer(data) && data.length > 0) bytes.set(id, [...(bytes.get(id) ?? []), data]);
        else if (open.delete(id) && open.size === 0) stream.write(framed(finish));
      } else if (type === 3) stream.end();
    }
    const { status, message } = await end;
    return { files: withBytes(entries, bytes), failure: status === 0 ? "" : message || `status ${status}` };
  }
}

const finish = Writer.create().uint32(8).int32(3).finish();

function entryOf(stat: Buffer): CopiedFile {
  const fields = decode(stat);
  const text = (number: number): string => String(fields.get(number)?.[0] ?? "");
  return { path: text(1), mode: Number(fields.get(2)?.[0] ?? 0), linkname: text(7), bytes: Buffer.alloc(0) };
}

/** A directory's bit makes the number negative where it was read as 32 bits. */
function isFile({ mode, linkname }: CopiedFile): boolean {
  return ((mode >>> 0) & goTypes) === 0 && ((mode >>> 0) & goDirectory) === 0 && linkname === "";
}

function withBytes(entries: readonly CopiedFile[], bytes: ReadonlyMap<number, readonly Buffer[]>): CopiedFile[] {
  return entries.map((entry, i) => ({ ...entry, bytes: Buffer.concat(bytes.get(i) ?? []) }));
}
