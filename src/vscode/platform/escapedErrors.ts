/**
 * Time in milliseconds to wait for a handler of a rejected promise. After 1,000 ms, the extension host handles the
 * rejection itself to log it.
 */
const handledWithinMs = 500;

/** Determines which errors are ours, and how to report unhandled ones. */
export interface EscapedErrors {
  /** Absolute path. An error is ours if its stack contains a file below this folder. */
  readonly folder: string;
  readonly tell: (error: unknown) => void;
}

/**
 * Reports our unhandled errors until it is disposed.
 *
 * All extensions share the extension host, which listens for such errors, logs them, and keeps running. This function
 * only observes them: exceptions through Node's monitor, which doesn't change how they are handled, and rejections in
 * addition to the host's listener. Without another listener, it rethrows a rejection, which is Node's default.
 */
export function watchEscapedErrors({ folder, tell }: EscapedErrors): { dispose(): void } {
  const waiting = new Map<Promise<unknown>, NodeJS.Timeout>();
  const look = (error: unknown): void => {
    try {
      if (isOurs(error, folder)) tell(error);
    } catch {
      // The log may already be closed, and this function must not throw.
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
  // Not chained: the extension host's own `process.on` returns undefined.
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

/** Checks the stack of an error. Paths on Windows can differ in case. */
function isOurs(error: unknown, folder: string): boolean {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  return process.platform === "win32" ? stack.toLowerCase().includes(folder.toLowerCase()) : stack.includes(folder);
}
