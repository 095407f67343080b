/** Waits for somebody who handles a rejected promise; after 1,000 ms the extension host does so itself, to log it. */
const handledWithinMs = 500;

/** Says which errors are ours, and what to do with one that nobody has handled. */
export interface EscapedErrors {
  /** Absolute path: an error is ours if its stack leads through a file below. */
  readonly folder: string;
  readonly tell: (error: unknown) => void;
}

/**
 * Reports errors of ours that nobody has handled, until it is disposed of.
 *
 * The extension host, which all extensions share, listens for such errors, writes them to its own log and lives on.
 * This only looks at them: at exceptions by Node's monitor, after which everything goes on as without it, and at
 * rejections beside the host's listener. Where there is no other listener, a rejection becomes the exception that it
 * would have been.
 */
export function watchEscapedErrors({ folder, tell }: EscapedErrors): { dispose(): void } {
  const waiting = new Map<Promise<unknown>, NodeJS.Timeout>();
  const look = (error: unknown): void => {
    try {
      if (isOurs(error, folder)) tell(error);
    } catch {
      // The log may be closed already; nothing may be thrown from here.
    }
  };
  const rejected = (reason: unknown, promise: Promise<unknown>): void => {
    if (process.listenerCount("unhandledRejection") === 1) throw reason;
    if (waiting.has(promise)) return;
    const give = (): void => {
      waiting.delete(promise);
      look(reason);
    };
    waiting.set(promise, setTimeout(give, handledWithinMs).unref());
  };
  const handled = (promise: Promise<unknown>): void => {
    clearTimeout(waiting.get(promise));
    waiting.delete(promise);
  };
  // One by one: the extension host's own `process.on` returns nothing.
  process.on("unhandledRejection", rejected);
  process.on("rejectionHandled", handled);
  process.on("uncaughtExceptionMonitor", look);
  return {
    dispose: () => {
      process.off("unhandledRejection", rejected);
      process.off("rejectionHandled", handled);
      process.off("uncaughtExceptionMonitor", look);
      for (const timer of waiting.values()) clearTimeout(timer);
    },
  };
}

/** Windows writes its paths in either case. */
function isOurs(error: unknown, folder: string): boolean {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  return process.platform === "win32" ? stack.toLowerCase().includes(folder.toLowerCase()) : stack.includes(folder);
}
