import type { MessagePort } from "node:worker_threads";
import type { ContextEntry } from "../context/contextEntry";
import type { ReviewOptions } from "../context/review/reviewUpload";
import type { UploadReport } from "../context/review/upload";
import type { BuildJob } from "../engine/buildJob";
import type { Log } from "../log";
import type { BuildMethods, SessionOrder, ThreadMethods } from "./buildOrder";
import { Calls } from "./calls";

/** The value of a build secret by its id; nothing when the build has none of that id. */
export type SecretReader = (id: string) => Promise<Uint8Array | undefined>;

/** One build that a thread serves, as its caller sees it. */
export class ThreadedBuild {
  readonly #calls: Calls<ThreadMethods>;
  #readSecret: SecretReader = () => Promise.resolve(undefined);

  constructor(port: MessagePort, { context, credentials }: BuildJob, log: Log, whyGone: () => Promise<Error>) {
    const lists = new Map<number, AsyncIterator<readonly ContextEntry[]>>();
    const methods: BuildMethods = {
      beginEntries: (list) => void lists.set(list, context.entries({ order: "tree" })[Symbol.asyncIterator]()),
      nextEntries: async (list) => {
        const next = await lists.get(list)?.next();
        return next?.done ? undefined : next?.value;
      },
      credentials: (host) => credentials.find(host),
      readSecret: (id) => this.#readSecret(id),
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
   * @throws ImageBuilderError what going through the context throws; the signal's reason
   */
  review({ signal, secrets, budget }: ReviewOptions = {}): Promise<UploadReport> {
    return this.#calls.ask("review", { secrets, budget }, signal);
  }

  /**
   * Opens the session over which the daemon calls back.
   *
   * @param readSecret asked when the daemon asks for a secret
   * @throws what reaching the daemon throws; the signal's reason
   */
  openSession(order: SessionOrder, readSecret: SecretReader, signal: AbortSignal): Promise<void> {
    this.#readSecret = readSecret;
    return this.#calls.ask("openSession", order, signal);
  }

  /** Rejects with what failed on our side, such as a file that cannot be read: the daemon only knows that something did. */
  sessionFailed(): Promise<never> {
    return this.#calls.ask("sessionFailed", undefined);
  }

  /** Rejects with what has failed on our side by now. */
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

  /** Ends the session and whatever is still being done. */
  close(): void {
    this.#calls.close();
  }
}
