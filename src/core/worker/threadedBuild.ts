import type { MessagePort } from "node:worker_threads";
import { identified } from "../context/files/contextEntries";
import type { ContextEntry } from "../context/files/contextEntry";
import type { ReviewOptions } from "../context/review/upload";
import type { UploadReport } from "../context/review/uploadReport";
import type { SessionLogins } from "../session/sessionLogins";
import type { Log } from "../base/log";
import type { BuildMethods, ReviewedPart, ServedJob, SessionOrder, ThreadMethods } from "./buildOrder";
import { Calls } from "./calls";

/** The value of a build secret by its id; undefined when the daemon gets none. */
export type SecretReader = (id: string) => Promise<Uint8Array | undefined>;

/** What a build answers the daemon through its session, besides files and secrets. */
export interface SessionAnswers {
  readonly logins: SessionLogins;
  /**
   * Asks whether a daemon elsewhere may have all of a context, because it wants a path that the Dockerfile does not
   * name; throws if not.
   */
  readonly confirmWhole: BuildMethods["confirmWhole"];
}

/** One build that a thread serves, as its caller sees it. */
export class ThreadedBuild {
  readonly #calls: Calls<ThreadMethods>;
  readonly #lists = new Map<number, AsyncIterator<readonly ContextEntry[]>>();
  #readSecret: SecretReader = () => Promise.resolve(undefined);
  #answers: SessionAnswers | undefined;

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
    this.#calls = new Calls<ThreadMethods>(port, methods, whyGone);
  }

  /**
   * Waits until the thread serves this build: on a busy machine it may take seconds to start.
   *
   * @throws the signal's reason; ImageBuilderError `buildFailed` when the thread has ended
   */
  begun(signal: AbortSignal): Promise<void> {
    return this.#calls.ask("begun", undefined, signal);
  }

  /**
   * Looks at what is about to be sent, anew each time; the session sends what was looked at last.
   *
   * @param part of the build's own context what the Dockerfile copies, if not given
   * @throws ImageBuilderError what going through the context throws; the signal's reason
   */
  review({ signal, secrets, budget }: ReviewOptions = {}, part: Partial<ReviewedPart> = {}): Promise<UploadReport> {
    return this.#calls.ask("review", { secrets, budget, isWhole: false, ...part }, signal);
  }

  /**
   * Opens the session over which the daemon calls back.
   *
   * @param readSecret asked when the daemon asks for a secret
   * @param answers without them the daemon gets no logins, and no more than the Dockerfile copies if it is elsewhere
   * @throws what reaching the daemon throws; the signal's reason
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
   * Rejects with what failed on our side, such as a file that cannot be read: the daemon only knows that something did.
   */
  sessionFailed(): Promise<never> {
    return this.#calls.ask("sessionFailed", undefined);
  }

  /** Throws what has failed on our side so far: what the daemon says of it may arrive first. */
  checkSession(): Promise<void> {
    return this.#calls.ask("checkSession", undefined);
  }

  /** @throws ImageBuilderError `exportFailed` */
  commitExport(): Promise<void> {
    return this.#calls.ask("commitExport", undefined);
  }

  /** Takes away what has come of an export. */
  discardExport(): Promise<void> {
    return this.#calls.ask("discardExport", undefined);
  }

  get #given(): SessionAnswers {
    if (!this.#answers) throw new Error("this build has no other answers for the daemon");
    return this.#answers;
  }

  /** Ends the session and whatever is still being done. */
  close(): void {
    this.#calls.close();
    // A list that is not read to its end still holds what it has open.
    for (const list of this.#lists.values()) void list.return?.();
  }
}
