import type { MessagePort } from "node:worker_threads";
import { BuildContext } from "../context/files/buildContext";
import type { ContextEntry } from "../context/files/contextEntry";
import type { ReviewOptions } from "../context/review/upload";
import type { UploadReport } from "../context/review/uploadReport";
import { isHere } from "../transport/endpointAddress";
import { dockerfileEntries } from "../session/dockerfileEntries";
import type { ExportTarget } from "../session/exportTarget";
import { FileExport } from "../session/fileExport";
import { FolderExport } from "../session/folderExport";
import type { SyncedDirectory } from "../session/fileSync";
import { Session } from "../session/session";
import { EngineAgent } from "../transport/transport";
import type { Log } from "../base/log";
import type { BuildMethods, BuildOrder, SessionOrder, ThreadMethods } from "./buildOrder";
import { Calls } from "./calls";
import { EntryList } from "./entryList";

/** Nobody types here, but the daemon waits for answers while a context is gone through. */
const sliceMs = 1;

/**
 * One build in the thread: it goes through the context before the daemon asks for it, and answers what the daemon asks.
 */
export class ServedBuild {
  readonly #calls: Calls<BuildMethods>;
  readonly #log: Log;
  readonly #context: BuildContext | undefined;
  readonly #ended = new AbortController();
  #list: EntryList;
  #lists = 0;
  #isLookedAt = false;
  /** Which entries count as requested since the last look; undefined where all do. */
  #requested: Promise<((path: string) => boolean) | undefined> | undefined;
  #session: Session | undefined;
  #exportTarget: ExportTarget | undefined;

  constructor(
    port: MessagePort,
    private readonly order: BuildOrder,
  ) {
    const methods: ThreadMethods = {
      begun: () => undefined,
      review: (options, signal) => this.#review({ ...options, signal: AbortSignal.any([signal, this.#ended.signal]) }),
      openSession: (session) => this.#openSession(session),
      sessionFailed: async () => this.#opened.failed(),
      checkSession: async () => this.#session?.check(),
      commitExport: async () => this.#exportTarget?.commit(),
      discardExport: () => this.#discardExport(),
    };
    this.#calls = new Calls<BuildMethods>(port, methods, () => new Error("the build has ended"));
    port.once("close", () => this.#end());
    const tell =
      (level: keyof Log) =>
      (text: string): void =>
        void this.#calls.ask("log", { level, text }).catch(() => undefined);
    this.#log = { debug: tell("debug"), info: tell("info"), warn: tell("warn"), error: tell("error") };
    this.#context = order.context && BuildContext.from(order.context, this.#log);
    this.#list = this.#newList();
  }

  get #opened(): Session {
    if (!this.#session) throw new Error("The session is not open yet.");
    return this.#session;
  }

  /** Each look is a new one, so that what is sent is what was looked at last. */
  async #review({ isWhole, ...options }: ReviewOptions & { readonly isWhole: boolean }): Promise<UploadReport> {
    if (this.#isLookedAt) this.#list = this.#newList();
    this.#isLookedAt = true;
    if (!isWhole) this.#requested = this.#findRequested();
    const { root, dockerfile } = this.order;
    const bytes = Buffer.from(dockerfile.bytes);
    // What reads Dockerfiles is loaded only where somebody asks what is about to be sent.
    const { reviewUpload } = await import("../context/review/reviewUpload");
    const isRequested = (isWhole ? undefined : await this.#requested) ?? (() => true);
    return reviewUpload(
      { entries: this.#list, root, dockerfile: { file: dockerfile.file, bytes }, isRequested },
      options,
    );
  }

  /** Asks the folder, in which links decide: undefined where the daemon may ask for everything. */
  async #findRequested(): Promise<((path: string) => boolean) | undefined> {
    const { root, dockerfile, options } = this.order;
    const { everything, requestedPaths } = await import("./requestedPaths");
    const isRequested = requestedPaths(dockerfile.text, options, root);
    return isRequested === everything ? undefined : isRequested;
  }

  async #openSession({ id, endpoint, sharedKey, agentSockets, exportTo }: SessionOrder): Promise<void> {
    if (exportTo)
      this.#exportTarget =
        exportTo.kind === "folder" ? new FolderExport(exportTo.dest, this.#log) : new FileExport(exportTo.dest);
    const { root, dockerfile } = this.order;
    this.#session = new Session(id, {
      directories: new Map<string, SyncedDirectory>([
        ["context", { root, entries: () => this.#list, ...(!isHere(endpoint) && (await this.#limits())) }],
        ["dockerfile", { entries: () => dockerfileEntries(dockerfile.name, Buffer.from(dockerfile.bytes)) }],
      ]),
      findPassword: (host) => this.#calls.ask("password", host),
      tokens: {
        seed: (host) => this.#calls.ask("tokenSeed", host),
        token: (question) => this.#calls.ask("token", question),
      },
      readSecret: (secret) => this.#calls.ask("readSecret", secret),
      agentSockets,
      exportTarget: this.#exportTarget,
      log: this.#log,
    });
    const agent = new EngineAgent(endpoint);
    this.#ended.signal.addEventListener("abort", () => agent.destroy());
    await this.#session.open(agent, sharedKey, this.#ended.signal);
  }

  /**
   * A daemon elsewhere gets what the Dockerfile copies, which was looked at; more only once somebody has agreed to the
   * whole.
   */
  async #limits(): Promise<Pick<SyncedDirectory, "isGiven" | "confirmWhole">> {
    // Decided by the look that the person saw: a link that came later must not let the daemon have more.
    const isRequested = await (this.#requested ??= this.#findRequested());
    if (!isRequested) return {};
    let isWhole = false;
    const confirmWhole = async (path: string): Promise<void> => {
      await this.#calls.ask("confirmWhole", path);
      isWhole = true;
    };
    return { isGiven: (path) => isWhole || isRequested(path), confirmWhole };
  }

  async #discardExport(): Promise<void> {
    // What still came would be there anew.
    this.#session?.close();
    await this.#exportTarget?.discard();
  }

  #newList(): EntryList {
    const { signal } = this.#ended;
    return new EntryList(
      this.#context?.entries({ order: "tree", sliceMs, signal }) ?? this.#entriesOfCaller(this.#lists++),
    );
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
