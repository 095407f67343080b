import { spawn } from "node:child_process";
import { createWriteStream, existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { cache } from "./paths.mjs";
import { SetUpError } from "./setUpError.mjs";

const started = Date.now();

/**
 * Prints one line with the seconds since the program started.
 *
 * @param {string} text
 */
export function say(text) {
  console.error(`${((Date.now() - started) / 1000).toFixed(1).padStart(6)}s  ${text}`);
}

const isWindows = process.platform === "win32";

/**
 * Returns the environment with the folders of administration programs in PATH, which a normal user's shell omits.
 *
 * @param {NodeJS.ProcessEnv} [extra]
 * @returns {NodeJS.ProcessEnv}
 */
export function toolEnvironment(extra) {
  const environment = { ...process.env, ...extra };
  return isWindows
    ? environment
    : { ...environment, PATH: `${environment.PATH ?? ""}:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin` };
}

/**
 * Returns the path of a program in PATH; undefined if it is not found.
 *
 * @param {string} name
 */
export function findProgram(name) {
  // Only process.env itself finds PATH if Windows spells its name differently.
  const folders = ((isWindows ? process.env : toolEnvironment()).PATH ?? "").split(path.delimiter);
  return folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file));
}

/**
 * Runs a program and returns its standard output. All its output is appended to `.cache/logs/<log>.log`.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, log?: string }} [options]
 * @returns {Promise<string>}
 * @throws {SetUpError} with the end of its output
 */
export async function run(command, args, { cwd, env, log = "commands" } = {}) {
  const logFile = path.join(cache, "logs", `${log}.log`);
  await mkdir(path.dirname(logFile), { recursive: true });
  const sink = createWriteStream(logFile, { flags: "a" });
  const child = spawn(command, args, {
    cwd,
    env: toolEnvironment(env),
    stdio: ["ignore", "pipe", "pipe"],
    shell: isWindows && command === "npm",
  });
  let output = "";
  let printed = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
    printed += chunk;
    sink.write(chunk);
  });
  child.stderr.on("data", (chunk) => {
    printed += chunk;
    sink.write(chunk);
  });
  const failure = await new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, signal) =>
      resolve(code === 0 ? undefined : `ended with ${signal ?? `exit code ${code}`}`),
    );
  });
  await new Promise((resolve) => sink.end(resolve));
  if (failure === undefined) return output;
  const end = printed.trim().split("\n").slice(-12).join("\n");
  throw new SetUpError(
    `\`${[command, ...args].join(" ")}\` ${failure}${end ? `:\n${end}` : "."}\nThe whole output is in ${logFile}.`,
  );
}

/**
 * Waits for all promises before it reports the first failure, so that none is still running during a cleanup.
 *
 * @template {readonly unknown[]} T
 * @param {T} works promises
 * @returns {Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }>}
 */
export async function allOf(works) {
  await Promise.allSettled(works);
  return Promise.all(works);
}

/**
 * Adds the name of a step to the message of its failure.
 *
 * @template T
 * @param {string} name description that begins with a verb
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(name, work) {
  try {
    return await work();
  } catch (error) {
    throw new SetUpError(
      `Could not ${name}.\n${error instanceof SetUpError ? error.message : /** @type {Error} */ (error).stack}`,
      { cause: error },
    );
  }
}

/**
 * Waits for a condition, which is checked every 50 ms.
 *
 * @template T
 * @param {() => Promise<T | undefined | false> | T | undefined | false} look returns a truthy value when the condition
 * is met
 * @param {{ timeoutMs: number, describe: () => Promise<string> | string }} options `describe` returns the message after
 * a timeout
 * @returns {Promise<T>}
 */
export async function waitFor(look, { timeoutMs, describe }) {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > deadline) throw new SetUpError(await describe());
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/**
 * Returns the last lines of a file; empty if it doesn't exist.
 *
 * @param {string} file
 * @param {number} [lines]
 */
export async function endOf(file, lines = 12) {
  const text = await readFile(file, "utf8").catch(() => "");
  return text.trim().split("\n").slice(-lines).join("\n");
}
