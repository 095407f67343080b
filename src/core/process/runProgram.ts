import { startChild, type ChildOptions } from "./startChild";

/** How a program is run to its end. */
export interface RunOptions extends Omit<ChildOptions, "stdio"> {
  /** What it reads from its standard input; default is nothing. */
  readonly input?: string;
  readonly timeoutMs: number;
  /** How much it may write to each of its outputs, in characters; default is 1,000,000. */
  readonly maxLength?: number;
  readonly signal?: AbortSignal;
}

/** What a program has answered. */
export interface RunOutcome {
  /** Missing for one that a signal has ended, or that was cut short. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Why it was ended before it had finished. */
  readonly cutShort?: "late" | "endless";
}

const usualLength = 1_000_000;

/** How long to wait for output after the program has ended: one that left its group may hold the pipe for ever. */
const lastWordsMs = 1000;

/**
 * Runs a program to its end, in bounded time and with bounded output.
 *
 * @throws Error with a system code if it cannot be started; the signal's reason when aborted
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
    // It need not read its input to answer; its exit tells how it went.
    stdin?.on("error", () => {});
    stdin?.end(input);
  });
}
