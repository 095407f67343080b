import type { MessagePort } from "node:worker_threads";
import { identified } from "../context/files/contextEntries";
import type { ContextEntry } from "../context/files/contextEntry";
import type { ReviewOptions } from "../context/review/upload";
import type { UploadReport } from "../context/review/uploadReport";
import type { SessionLogins } from "../session/sessionLogins";
import type { GrpcCalls } from "../transport/grpcClient";
import type { SentFiles } from "../operation/buildTrace";
import type { OfferedFolder } from "../operation/offeredFiles";
import type { Log } from "../base/log";
import type { BuildMethods, ReviewedPart, ServedJob, SessionOrder, ThreadMethods } from "./buildOrder";
import { PortRpc } from "./portRpc";

/** Reads the value of a build secret by its id; undefined if the daemon gets none. */
export type SecretReader = (id: string) => Promise<Uint8Array | undefined>;

/** Answers to the daemon's other requests over a build's session, besides files and secrets. */
export interface SessionAnswers {
  readonly logins: SessionLogins;
  /**
   * Asks whether a remote daemon may have the whole context, because it requests a path that the Dockerfile does not
   * contain; throws if not.
   */
  readonly confirmWhole: BuildMethods["confirmWhole"];
}

/** Build that a thread serves, as its caller sees it. */
export class ThreadedBuild {
  readonly #calls: PortRpc<ThreadMethods>;
  readonly #lists = new Map<number, AsyncIterator<readonly ContextEntry[]>>();
  #readSecret: SecretReader = () => Promise.resolve(undefined);
  #answers: SessionAnswers | undefined;
  #buildkitCalls = 0;

  constructor(port: MessagePort, { context }: ServedJob, log: Log, whyGone: () => Promise<Error>) {
    const methods: BuildMethods = {
      beginEntries: (list) => void this.#lists.set(list, context.entries({ order: "tree" })[Symbol.asyncIterator]()),
      nextEntries: async (list) => {
        const next = await this.#lists.get(list)?.next();
        return next?.done ? undefined : next?.value.map(identified);
      },
      password: async (host) => this.#answers?.logins.password(host),
      tokenSeed: async (host) => this.#answers?.logins.seed(host),
      token: (question) => this.#given.logins.token(question),
      readSecret: (id) => this.#readSecret(id),
      confirmWhole: (wanted) => this.#given.confirmWhole(wanted),
      log: ({ level, text }) => log[level](text),
    };
    this.#calls = new PortRpc<ThreadMethods>(port, methods, whyGone);
  }

  /**
   * Waits until the thread serves this build: on a busy machine, it may take seconds to start.
   *
   * @throws the signal's reason; ImageBuilderError `buildFailed` if the thread has ended
   */
  begun(signal: AbortSignal): Promise<void> {
    return this.#calls.ask("begun", undefined, signal);
  }

  /**
   * Reviews what is about to be sent, again on each call; the session sends what was reviewed last.
   *
   * @param part default is the part of the build's own context that the Dockerfile copies
   * @throws errors of listing the context; the signal's reason
   */
  review({ signal, secrets, budget }: ReviewOptions = {}, part: Partial<ReviewedPart> = {}): Promise<UploadReport> {
    return this.#calls.ask("review", { secrets, budget, isWhole: false, ...part }, signal);
  }

  /**
   * Opens the session over which the daemon calls back.
   *
   * @param readSecret called when the daemon requests a secret
   * @param answers without them, the daemon gets no logins, and a remote daemon gets only what the Dockerfile copies
   * @throws errors of connecting to the daemon; the signal's reason
   */
  openSession(
    order: SessionOrder,
    readSecret: SecretReader,
    signal: AbortSignal,
    answers?: SessionAnswers,
  ): Promise<void> {
    this.#readSecret = readSecret;
    this.#answers = answers;
    return this.#calls.ask("openSession", order, signal);
  }

  /**
   * Rejects with the error on our side, such as a file that can't be read: the daemon only knows that something failed.
   */
  sessionFailed(): Promise<never> {
    return this.#calls.ask("sessionFailed", undefined);
  }

  /** Rejects if something has failed on our side so far, because the daemon's own report of it may arrive first. */
  checkSession(): Promise<void> {
    return this.#calls.ask("checkSession", undefined);
  }

  /**
   * Moves an export to its destination.
   *
   * @throws ImageBuilderError `exportFailed`
   */
  commitExport(): Promise<void> {
    return this.#calls.ask("commitExport", undefined);
  }

  /** Deletes the files of an unfinished export. */
  discardExport(): Promise<void> {
    return this.#calls.ask("discardExport", undefined);
  }

  /** Returns the files of build contexts that were sent so far. */
  sent(): Promise<SentFiles> {
    return this.#calls.ask("sent", undefined);
  }

  /** Returns the files that the daemon was offered so far, by build context; only for a build that is traced. */
  offered(): Promise<readonly OfferedFolder[]> {
    return this.#calls.ask("offered", undefined);
  }

  get #given(): SessionAnswers {
    if (!this.#answers) throw new Error("this build has no other answers for the daemon");
    return this.#answers;
  }

  /**
   * Calls BuildKit over the connection of the session, which must be open.
   *
   * @param signal ends the wait for messages; the calls themselves end with the connection
   */
  buildkit(signal: AbortSignal): GrpcCalls {
    return { call: (path, request) => this.#callBuildkit(path, request, signal) };
  }

  async *#callBuildkit(path: string, request: Uint8Array, signal: AbortSignal): AsyncGenerator<Uint8Array, undefined> {
    const id = this.#buildkitCalls++;
    await this.#calls.ask("beginCall", { id, path, request }, signal);
    for (;;) {
      const message = await this.#calls.ask("nextMessage", id, signal);
      if (!message) return;
      yield message;
    }
  }

  /** Ends the session and all work that is still running. */
  close(): void {
    this.#calls.close();
    // A list that was not read to its end may still have files open.
    for (const list of this.#lists.values()) void list.return?.();
  }
}
