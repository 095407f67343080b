import { fork, type ChildProcess } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ImageBuilderError, systemCodeOf, type ErrorLocation } from "../../errors";
import type { Log } from "../../log";
import type { ImageDefinition } from "../definition";
import type { ModuleMessage } from "./moduleMessage";

/** How a module is run. */
export interface ModuleOptions {
  /** Where what the module prints goes. */
  readonly log?: Log;
  readonly signal?: AbortSignal;
  /** Default is 10,000. */
  readonly timeoutMs?: number;
  /** How much memory JavaScript's values may take; default is 512. */
  readonly memoryMiB?: number;
  /** The script that runs it; default is the one beside this one. */
  readonly runner?: string;
}

/** What of the environment a module sees: nothing in which secrets are kept. */
const passedOn = ["PATH", "Path", "HOME", "USERPROFILE", "TMPDIR", "TEMP", "TMP", "LANG", "TZ", "SystemRoot"];

/** How long to wait for the output of a process that has ended. */
const lastWordsMs = 1000;

/** How much of a line a message holds. */
const maxLine = 200;

/** How much of what a module prints is kept. */
const maxOutput = 64 * 1024;

/**
 * Runs a module, `.mjs` or `.ts`, in a process of its own and returns the image that it exports. It may do what any program of
 * the user's may: only call this for files that are trusted.
 *
 * @param file absolute path
 * @throws ImageBuilderError `imageInvalid` with the place in the module, also when it takes too long or too much memory; the signal's reason
 */
export async function readImageModule(file: string, options: ModuleOptions = {}): Promise<ImageDefinition> {
  const { log, signal, timeoutMs = 10_000, memoryMiB = 512, runner = join(__dirname, "imageModule.js") } = options;
  signal?.throwIfAborted();
  const child = fork(runner, [file], {
    cwd: dirname(file),
    env: moduleEnvironment(),
    execArgv: [`--max-old-space-size=${memoryMiB}`],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    // In a group of its own, which ends with what the module has started itself.
    detached: true,
  });
  const output = gatherOutput(child);
  let isLate = false;
  const end = (): void => endGroup(child);
  const timer = setTimeout(() => {
    isLate = true;
    end();
  }, timeoutMs);
  signal?.addEventListener("abort", end);
  try {
    const message = await answerOf(child);
    signal?.throwIfAborted();
    if (message && "definition" in message) return message.definition;
    if (message) throw moduleFailed(message.failure.message, message.failure);
    const syntax = syntaxError(output());
    if (syntax) throw syntax;
    const isTooLarge = output().includes("heap out of memory");
    const what = isTooLarge ? `takes more than ${memoryMiB} MiB of memory` : isLate ? `has not ended after ${timeoutMs / 1000} seconds` : "ended its process";
    throw moduleFailed(`"${file}" ${what} before it exported an image: let it do nothing but define one.${lastWords(output())}`, { file, line: 1 });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", end);
    end();
    for (const stream of [child.stdout, child.stderr]) stream?.destroy();
    if (output() !== "") log?.info(output().trimEnd());
  }
}

function moduleEnvironment(): NodeJS.ProcessEnv {
  const inherited = passedOn.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]] as const]));
  return { ...Object.fromEntries(inherited), ELECTRON_RUN_AS_NODE: "1" };
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
  } catch (error) {
    // It has ended by itself; macOS says EPERM while its parent has not noticed.
    if (!["ESRCH", "EPERM"].includes(systemCodeOf(error) ?? "")) throw error;
  }
}

function gatherOutput(child: ChildProcess): () => string {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => (output = (output + text).slice(-maxOutput)));
  }
  return () => output;
}

/** The last line of what was printed, which may say why. */
function lastWords(output: string): string {
  const line = output.trim().split("\n").at(-1)?.trim() ?? "";
  return line === "" ? "" : ` It printed last: ${JSON.stringify(line.slice(0, maxLine))}.`;
}

/** What the process tells, nothing if it ends before. */
function answerOf(child: ChildProcess): Promise<ModuleMessage | undefined> {
  return new Promise((resolve, reject) => {
    child.once("message", (message) => resolve(message as ModuleMessage));
    // What it printed may still be on its way; who has left its group may hold the pipes for ever.
    child.once("exit", () => setTimeout(() => resolve(undefined), lastWordsMs).unref());
    child.once("close", () => resolve(undefined));
    child.once("error", reject);
  });
}

/** What Node reports of a file that is no JavaScript: its place, the line, marks below it unless it ends too early, the error. */
function syntaxError(output: string): ImageBuilderError | undefined {
  const lines = output.split("\n");
  const at = lines.findIndex((each) => /^file:\/\/\S/.test(each) && /:\d+$/.test(each));
  const [place = "", , marks = "", ...rest] = at < 0 ? [] : lines.slice(at);
  const error = rest.find((each) => each.trim() !== "")?.trim() ?? "";
  if (!error.startsWith("SyntaxError: ") || !/^[\t ]*\^*$/.test(marks)) return undefined;
  const [url, line] = [place.slice(0, place.lastIndexOf(":")), place.slice(place.lastIndexOf(":") + 1)];
  const column = marks.includes("^") ? marks.indexOf("^") + 1 : undefined;
  return moduleFailed(`This is not valid JavaScript: ${error.slice("SyntaxError: ".length)}.`, { file: fileURLToPath(url), line: Number(line), column });
}

function moduleFailed(message: string, { file, line, column }: ErrorLocation): ImageBuilderError {
  return new ImageBuilderError("imageInvalid", message, { location: { file, line, column } });
}
