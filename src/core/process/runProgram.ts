import { startChild, type ChildOptions } from "./startChild";

/** Options for running a program to its end. */
export interface RunOptions extends Omit<ChildOptions, "stdio"> {
  /** Text for the program's standard input, which is not connected by default. */
  readonly input?: string;
  readonly timeoutMs: number;
  /** Limit on each of its outputs, in characters; default is 1,000,000. */
  readonly maxLength?: number;
  readonly signal?: AbortSignal;
}

/** Result of a program. */
export interface RunOutcome {
  /** Null if a signal ended the program, or if it was cut short. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Reason why it was ended early: `late` after the timeout, `endless` for too much output. */
  readonly cutShort?: "late" | "endless";
}

const usualLength = 1_000_000;

/**
 * Time to wait for output after the program has ended, in milliseconds: a process that left its group may keep the pipe
 * open forever.
 */
const lastWordsMs = 1000;

/**
 * Runs a program to its end, with limits on time and output.
 *
 * @throws Error with a system code if it can't be started; the signal's reason when aborted
 */
export async function runProgram(program: string, args: readonly string[], options: RunOptions): Promise<RunOutcome> {
  const { input, timeoutMs, maxLength = usualLength, signal, ...how } = options;
  signal?.throwIfAborted();
  const child = startChild(program, args, { ...how, stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"] });
  const { stdin, stdout, stderr } = child.process;
  return new Promise((resolve, reject) => {
    const texts = { stdout: "", stderr: "" };
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", giveUp);
      child.end();
      for (const stream of [stdin, stdout, stderr]) stream?.destroy();
      act();
    };
    const cut = (cutShort: "late" | "endless"): void => settle(() => resolve({ exitCode: null, ...texts, cutShort }));
    const giveUp = (): void => settle(() => reject(signal?.reason));
    const timer = setTimeout(() => cut("late"), timeoutMs);
    signal?.addEventListener("abort", giveUp);
    const collect = (name: "stdout" | "stderr", chunk: string): void => {
      if (texts[name].length + chunk.length > maxLength) cut("endless");
      else texts[name] += chunk;
    };
    stdout?.setEncoding("utf8").on("data", (chunk: string) => collect("stdout", chunk));
    stderr?.setEncoding("utf8").on("data", (chunk: string) => collect("stderr", chunk));
    child.process.once("error", (error) => settle(() => reject(error)));
    const answer = (exitCode: number | null): void => settle(() => resolve({ exitCode, ...texts }));
    child.process.once("exit", (exitCode) => setTimeout(() => answer(exitCode), lastWordsMs).unref());
    child.process.once("close", answer);
    // A program may answer without reading its input; its exit code reports the outcome.
    stdin?.on("error", () => {});
    stdin?.end(input);
  });
}
