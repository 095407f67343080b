import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { dirname, join } from "node:path";
import { ImageBuilderError, type ErrorLocation } from "../../base/errors";
import type { Log } from "../../base/log";
import { startChild, type Child } from "../../process/startChild";
import type { ImageDefinition } from "../definition/definition";
import { readModuleAnswer } from "./moduleAnswer";
import { answerDescriptor, tooMuchMemory } from "./moduleMessage";
import { placeOfUrl } from "./placeOfUrl";

/** Options for running a module. */
export interface ModuleOptions {
  /** Log for the module's output. */
  readonly log?: Log;
  readonly signal?: AbortSignal;
  /** Time limit in milliseconds; default is 10,000. */
  readonly timeoutMs?: number;
  /** Memory in MiB that the module may use in addition to what Node needs to run it; default is 512. */
  readonly memoryMiB?: number;
  /** Script that runs the module; default is the one next to this file. */
  readonly runner?: string;
}

/** Environment variables that a module gets, none of which contains secrets. */
const passedOn = ["PATH", "Path", "HOME", "USERPROFILE", "TMPDIR", "TEMP", "TMP", "LANG", "TZ", "SystemRoot"];

/** Time to wait for the output of a process that has exited, in milliseconds. */
const lastWordsMs = 1000;

/** Maximum length of an output line in a message, in characters. */
const maxLine = 200;

/** Maximum length of a module's output, in characters; the last ones are kept. */
const maxOutput = 64 * 1024;

/** Maximum size of an answer, in bytes. */
const maxAnswerBytes = 4 * 2 ** 20;

/**
 * Shell between this process and the module, so that the module's parent process has the module's environment, not
 * ours. It unsets variables that some shells add.
 */
const shield = 'unset PWD OLDPWD SHLVL; "$@" & exec >/dev/null 2>&1 3>&-; wait "$!"';

/**
 * Runs a module, `.mjs` or `.ts`, in a separate process and returns the image that it exports. The module has all
 * permissions of the user's programs: only call this for trusted files.
 *
 * @param file absolute path
 * @throws ImageBuilderError `imageInvalid` with the position in the module, also if it takes too long or uses too much
 * memory; the signal's reason if aborted
 */
export async function readImageModule(file: string, options: ModuleOptions = {}): Promise<ImageDefinition> {
  const { log, signal, timeoutMs = 10_000, memoryMiB = 512, runner = join(__dirname, "imageModule.js") } = options;
  signal?.throwIfAborted();
  const child = startModule(file, runner, memoryMiB);
  const output = gatherOutput(child.process);
  let isLate = false;
  const end = (): void => child.end();
  const timer = setTimeout(() => {
    isLate = true;
    end();
  }, timeoutMs);
  signal?.addEventListener("abort", end);
  try {
    const answer = await answerOf(child.process);
    signal?.throwIfAborted();
    const message = answer === undefined ? undefined : readModuleAnswer(answer, file);
    if (message && "definition" in message) return message.definition;
    if (message) throw moduleFailed(message.failure.message, message.failure);
    const syntax = syntaxError(output());
    if (syntax) throw syntax;
    if (output().includes("heap out of memory")) throw moduleFailed(tooMuchMemory(file, memoryMiB), { file, line: 1 });
    const what = isLate ? `did not finish within ${timeoutMs / 1000} seconds` : "exited";
    throw moduleFailed(
      `"${file}" ${what} and exported no image. The module should only define an image.${lastWords(output())}`,
      { file, line: 1 },
    );
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", end);
    end();
    for (const stream of child.process.stdio) stream?.destroy();
    if (output() !== "") log?.info(output().trimEnd());
  }
}

function moduleEnvironment(): NodeJS.ProcessEnv {
  const inherited = passedOn.flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]] as const],
  );
  return Object.fromEntries(inherited);
}

function startModule(file: string, runner: string, memoryMiB: number): Child {
  // Electron only checks that the variable is set, and all descendants of the module inherit it, so its value
  // identifies them.
  const runAsNode = `image-builders-${randomUUID()}`;
  const command = [process.execPath, `--max-old-space-size=${memoryMiB}`, runner, file, String(memoryMiB)];
  const [program = "", ...args] =
    process.platform === "win32" ? command : ["/bin/sh", "-c", shield, "image-builders-module", ...command];
  const env = { ...moduleEnvironment(), ELECTRON_RUN_AS_NODE: runAsNode };
  return startChild(program, args, {
    cwd: dirname(file),
    env,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    mark: runAsNode,
  });
}

function gatherOutput(child: ChildProcess): () => string {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => (output = (output + text).slice(-maxOutput)));
  }
  return () => output;
}

/** Returns the last line of the output, which may contain the reason. */
function lastWords(output: string): string {
  const line = output.trim().split("\n").at(-1)?.trim() ?? "";
  return line === "" ? "" : ` Last output: ${JSON.stringify(line.slice(0, maxLine))}.`;
}

/** Returns the line that the process answers with; undefined if it ends without one. */
function answerOf(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    child.stdio[answerDescriptor]?.on("data", (chunk: Buffer) => {
      const end = chunk.indexOf("\n");
      chunks.push(end < 0 ? chunk : chunk.subarray(0, end));
      sizeBytes += chunk.length;
      // An answer that is too long is cut off, and is then not valid JSON.
      if (end >= 0 || sizeBytes > maxAnswerBytes) resolve(Buffer.concat(chunks).toString("utf8", 0, maxAnswerBytes));
    });
    // Output may still arrive after the exit; a process that has left the group may keep the pipes open forever.
    child.once("exit", () => setTimeout(() => resolve(undefined), lastWordsMs).unref());
    child.once("close", () => resolve(undefined));
    child.once("error", reject);
  });
}

/**
 * Reads Node's report about a file that is not valid JavaScript: its position, the line, marks below it unless it ends
 * too early, the error.
 */
function syntaxError(output: string): ImageBuilderError | undefined {
  // On Windows, Node ends the lines of its own reports with CR LF.
  const lines = output.split(/\r?\n/);
  const at = lines.findIndex((each) => /^file:\/\/\S/.test(each) && /:\d+$/.test(each));
  const [place = "", , marks = "", ...rest] = at < 0 ? [] : lines.slice(at);
  const error = rest.find((each) => each.trim() !== "")?.trim() ?? "";
  if (!error.startsWith("SyntaxError: ") || !/^[\t ]*\^*$/.test(marks)) return undefined;
  const [url = "", line] = [place.slice(0, place.lastIndexOf(":")), place.slice(place.lastIndexOf(":") + 1)];
  const column = marks.includes("^") ? marks.indexOf("^") + 1 : undefined;
  const location = placeOfUrl(url, line, column);
  return location && moduleFailed(`This is not valid JavaScript: ${error.slice("SyntaxError: ".length)}.`, location);
}

function moduleFailed(message: string, { file, line, column }: ErrorLocation): ImageBuilderError {
  return new ImageBuilderError("imageInvalid", message, { location: { file, line, column } });
}
