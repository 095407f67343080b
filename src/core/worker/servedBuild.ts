import type { MessagePort } from "node:worker_threads";
import { BuildContext } from "../context/files/buildContext";
import type { ContextEntry } from "../context/files/contextEntry";
import type { PathScope } from "../context/files/pathScope";
import { isHere } from "../transport/endpointAddress";
import type { SentFiles } from "../operation/buildTrace";
import type { OfferedFolder } from "../operation/offeredFiles";
import { dockerfileEntries } from "../session/dockerfileEntries";
import type { ExportTarget } from "../session/exportTarget";
import { FileExport } from "../session/fileExport";
import { FolderExport } from "../session/folderExport";
import type { SyncedDirectory } from "../session/fileSync";
import { Session, type OpenSession } from "../session/session";
import { openGrpc } from "../transport/openGrpc";
import type { GrpcCalls } from "../transport/grpcClient";
import { MessageTunnel } from "../transport/messageTunnel";
import { EngineAgent } from "../transport/transport";
import { upgrade } from "../transport/upgrade";
import type { Endpoint } from "../transport/endpoint";
import type { Log } from "../base/log";
import type { BuildMethods, BuildOrder, NamedFolderOrder, SessionOrder, ThreadMethods } from "./buildOrder";
import { PortRpc } from "./portRpc";
import { ServedFolder } from "./servedFolder";

/** Time slice in milliseconds: short, because the daemon waits for answers while a context is listed. */
const sliceMs = 1;

/**
 * One build in the thread: lists what the Dockerfile copies from its folders before the daemon requests it, and answers
 * the daemon's requests.
 */
export class ServedBuild {
  readonly #calls: PortRpc<BuildMethods>;
  readonly #log: Log;
  readonly #ended = new AbortController();
  readonly #main: ServedFolder;
  /** Folders by their names in the session. */
  readonly #named: ReadonlyMap<string, ServedFolder>;
  #lists = 0;
  #sent: SentFiles = { files: 0, bytes: 0 };
  #session: Session | undefined;
  #exportTarget: ExportTarget | undefined;
  #grpc: GrpcCalls | undefined;
  readonly #buildkitCalls = new Map<number, AsyncIterator<Uint8Array, undefined>>();

  constructor(
    port: MessagePort,
    private readonly order: BuildOrder,
  ) {
    const methods: ThreadMethods = {
      begun: () => undefined,
      review: ({ folder, ...options }, signal) =>
        this.#folder(folder).review({ ...options, signal: AbortSignal.any([signal, this.#ended.signal]) }),
      openSession: (session) => this.#openSession(session),
      beginCall: ({ id, path, request }) => void this.#buildkitCalls.set(id, this.#buildkit.call(path, request)),
      nextMessage: async (id) => {
        const next = await this.#buildkitCalls.get(id)?.next();
        return next?.done ? undefined : next?.value;
      },
      sessionFailed: async () => this.#opened.failed(),
      checkSession: async () => this.#session?.check(),
      commitExport: async () => this.#exportTarget?.commit(),
      discardExport: () => this.#discardExport(),
      sent: () => this.#sent,
      offered: () => this.#offered(),
    };
    this.#calls = new PortRpc<BuildMethods>(port, methods, () => new Error("the build has ended"));
    port.once("close", () => this.#end());
    const tell =
      (level: keyof Log) =>
      (text: string): void =>
        void this.#calls.ask("log", { level, text }).catch(() => undefined);
    this.#log = { debug: tell("debug"), info: tell("info"), warn: tell("warn"), error: tell("error") };
    this.#main = this.#serveMain();
    this.#named = new Map(order.named.map((named) => [named.localName, this.#serveNamed(named)]));
  }

  get #opened(): Session {
    if (!this.#session) throw new Error("The session is not open yet.");
    return this.#session;
  }

  get #buildkit(): GrpcCalls {
    if (!this.#grpc) throw new Error("The session is not open yet.");
    return this.#grpc;
  }

  #serveMain(): ServedFolder {
    const { context: described, root, dockerfile, options } = this.order;
    const context = described && BuildContext.from(described, this.#log);
    return new ServedFolder({
      list: (scope) => (context ? this.#entriesOf(context, scope) : this.#entriesOfCaller(this.#lists++)),
      listsAll: !context,
      root,
      dockerfile: { file: dockerfile.file, bytes: Buffer.from(dockerfile.bytes) },
      findRequested: async () => {
        const { requestedScope } = await import("./requestedPaths");
        return requestedScope(dockerfile.text, options, root);
      },
      confirmWhole: (path) => this.#calls.ask("confirmWhole", { path }),
      tellPassedOver: (names) => this.#tellPassedOver("the build context", names),
      tellSent: (sent) => this.#addSent(sent),
      isTraced: this.order.isTraced,
    });
  }

  #serveNamed({ context: described, ...named }: NamedFolderOrder): ServedFolder {
    const context = BuildContext.from(described, this.#log);
    return new ServedFolder({
      list: (scope) => this.#entriesOf(context, scope),
      root: named.root,
      findRequested: async () => {
        const { requestedScopeOfContext } = await import("./requestedPaths");
        return requestedScopeOfContext(named, this.order.dockerfile.text, this.order.options);
      },
      confirmWhole: (path) => this.#calls.ask("confirmWhole", { path, folder: named.name }),
      tellPassedOver: (names) => this.#tellPassedOver(`the build context "${named.name}"`, names),
      tellSent: (sent) => this.#addSent(sent),
      isTraced: this.order.isTraced,
    });
  }

  #offered(): OfferedFolder[] {
    const named = this.order.named.map(({ name, localName }) => [name, this.#named.get(localName)] as const);
    return [["", this.#main] as const, ...named].map(([name, folder]) => ({ name, files: folder?.offered }));
  }

  #addSent({ files, bytes }: SentFiles): void {
    this.#sent = { files: this.#sent.files + files, bytes: this.#sent.bytes + bytes };
  }

  #tellPassedOver(where: string, names: string): void {
    this.#log.info(`Skipped in ${where}, because the build doesn't request it: ${names}.`);
  }

  /**
   * Returns the folder of a context.
   *
   * @param name name by which BuildKit looks up a named context; undefined for the build's own
   */
  #folder(name: string | undefined): ServedFolder {
    const named = this.order.named.find((each) => each.name === name);
    return (named && this.#named.get(named.localName)) ?? this.#main;
  }

  async #openSession({ id, endpoint, sharedKey, agentSockets, exportTo }: SessionOrder): Promise<void> {
    if (exportTo)
      this.#exportTarget =
        exportTo.kind === "folder" ? new FolderExport(exportTo.dest, this.#log) : new FileExport(exportTo.dest);
    const { dockerfile } = this.order;
    // A remote daemon gets only what the Dockerfile copies, which was reviewed.
    const isLimited = !isHere(endpoint);
    const named = [...this.#named].map(async ([name, folder]) => [name, await folder.directory(isLimited)] as const);
    this.#session = new Session(id, {
      directories: new Map<string, SyncedDirectory>([
        ...(await Promise.all(named)),
        ["context", await this.#main.directory(isLimited)],
        ["dockerfile", { entries: () => dockerfileEntries(dockerfile.name, Buffer.from(dockerfile.bytes)) }],
      ]),
      findPassword: (host) => this.#calls.ask("password", host),
      tokens: {
        seed: (host) => this.#calls.ask("tokenSeed", host),
        token: (question) => this.#calls.ask("token", question),
      },
      readSecret: (secret) => this.#calls.ask("readSecret", secret),
      agentSockets,
      layouts: this.order.layouts,
      exportTarget: this.#exportTarget,
      log: this.#log,
    });
    await this.#session.open(await this.#connect(endpoint), sharedKey);
  }

  /** Docker upgrades a connection to a session; BuildKit itself runs sessions within a call. */
  async #connect(endpoint: Endpoint): Promise<OpenSession> {
    const { signal } = this.#ended;
    if (endpoint.api !== "buildkit") {
      const agent = new EngineAgent(endpoint);
      signal.addEventListener("abort", () => agent.destroy());
      return (headers) => upgrade(agent, "/session", headers, signal);
    }
    const grpc = await openGrpc(endpoint, signal);
    signal.addEventListener("abort", () => grpc.close());
    this.#grpc = grpc;
    return async (headers) => new MessageTunnel(grpc.open("/moby.buildkit.v1.Control/Session", { ...headers }));
  }

  async #discardExport(): Promise<void> {
    // Data that arrives later would create the export again.
    this.#session?.close();
    await this.#exportTarget?.discard();
  }

  async *#entriesOf(
    context: BuildContext,
    part: PathScope | undefined | Promise<PathScope | undefined>,
  ): AsyncGenerator<readonly ContextEntry[]> {
    const scope = await part;
    yield* context.entries({ order: "tree", sliceMs, signal: this.#ended.signal, scope, keepsFaults: true });
  }

  async *#entriesOfCaller(list: number): AsyncGenerator<readonly ContextEntry[]> {
    await this.#calls.ask("beginEntries", list);
    for (;;) {
      const batch = await this.#calls.ask("nextEntries", list);
      if (!batch) return;
      yield batch.map((entry) =>
        typeof entry.content === "object" ? { ...entry, content: Buffer.from(entry.content) } : entry,
      );
    }
  }

  #end(): void {
    this.#session?.close();
    this.#ended.abort();
  }
}
