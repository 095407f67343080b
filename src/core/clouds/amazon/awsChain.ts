import { homedir } from "node:os";
import { extname, join } from "node:path";
import { Worker } from "node:worker_threads";
import type { ConnectorServices } from "../connectorType";
import { readAnswer } from "../../border/readAnswer";
import { readSmallFile } from "../../border/readSmallFile";
import { answerBorder, checkService } from "../askService";
import { runTool } from "../runTool";
import type { ChainBeginning, ChainEnd, ChainErrand, ChainRequest, ErrandResult } from "./chainMessages";
import { chainFailure } from "./chainFailure";
import { ChainErrands } from "./chainErrands";
import { credentialsOf, credentialsSchema, foundSchema, type AwsCredentials } from "./providedCredentials";
import { expandHome } from "../../base/homePath";

/**
 * Program of the provider chain's thread: next to the bundle that starts it, or next to this file if the sources run
 * directly.
 */
const program = join(__dirname, extname(__filename) === ".js" ? "awsThread.js" : "awsThread.mjs");

const resourceLimits = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 16 };
/** Time limit for the whole chain: a program may take a minute, and a service several attempts. */
const chainTimeoutMs = 120_000;

/**
 * Gets this machine's default credentials from AWS's own provider chain: the environment, the shared files with their
 * profiles (roles, single sign-on, `credential_process`), a web identity, the container, the machine.
 *
 * @throws ImageBuilderError `connectorFailed`, with the next step for the user; the signal's reason if aborted
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
 */
export async function chainCredentials(
  question: ChainRequest,
  services: ConnectorServices,
  signal?: AbortSignal,
): Promise<AwsCredentials> {
  signal?.throwIfAborted();
  const stop = new AbortController();
  const late = AbortSignal.timeout(chainTimeoutMs);
  const ends = AbortSignal.any([stop.signal, late, ...(signal ? [signal] : [])]);
  const errands = new ChainErrands(services, ends);
  try {
    const end = await askThread(question, services.env, errands, ends).catch((cause: unknown) => {
      signal?.throwIfAborted();
      return { kind: "failed", profile: question.profile ?? "", of: "other", cause } as const;
    });
    if (end.kind === "failed") {
      const { error, isNothing } = await chainFailure(end, question, services.env, errands.failure);
      const told = isNothing ? await fromTool(question.profile, services, signal) : undefined;
      if (told) return told;
      throw error;
    }
    const found = checkService(end.credentials, "The AWS credential provider chain", foundSchema);
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = found;
    const expiresAtMs = expiration?.getTime() ?? Number.NaN;
    return {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken && { sessionToken }),
      ...(expiresAtMs > 0 && { expiresAtMs }),
    };
  } finally {
    stop.abort();
  }
}

/** Asks the AWS CLI, which may know sign-ins that the chain doesn't, such as those of its plugins. */
async function fromTool(
  profile: string | undefined,
  services: ConnectorServices,
  signal: AbortSignal | undefined,
): Promise<AwsCredentials | undefined> {
  const env = profile === undefined ? services.env : { ...services.env, AWS_PROFILE: profile };
  const text = await runTool("aws", ["configure", "export-credentials", "--format", "process"], env, signal);
  return text === undefined
    ? undefined
    : credentialsOf(readAnswer(text, answerBorder('The program "aws"', credentialsSchema)));
}

/** Reads the configuration files for the chain, which would read files of any length and wait for pipes. */
async function configuration(env: NodeJS.ProcessEnv): Promise<Record<string, string>> {
  const home = env["HOME"] || env["USERPROFILE"] || homedir();
  const files = [
    env["AWS_SHARED_CREDENTIALS_FILE"] || "~/.aws/credentials",
    env["AWS_CONFIG_FILE"] || "~/.aws/config",
  ].map((file) => expandHome(file, home));
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [file, await readSmallFile(file).catch(() => "")] as const)),
  );
}

/**
 * Returns the environment of the chain's thread, with the connector's variables. NODE_OPTIONS is left out: options for
 * a whole process keep a thread from starting.
 */
function chainEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isPassed = ([name, value]: [string, string | undefined]): boolean =>
    value !== undefined && name.toUpperCase() !== "NODE_OPTIONS";
  return Object.fromEntries(Object.entries(env).filter(isPassed));
}

async function askThread(
  question: ChainRequest,
  env: NodeJS.ProcessEnv,
  errands: ChainErrands,
  signal: AbortSignal,
): Promise<ChainEnd> {
  const beginning: ChainBeginning = { ...question, files: await configuration(env) };
  signal.throwIfAborted();
  const worker = new Worker(program, {
    workerData: beginning,
    execArgv: [],
    env: chainEnvironment(env),
    resourceLimits,
    stdout: true,
    stderr: true,
  });
  // The thread's warnings are for developers.
  for (const stream of [worker.stdout, worker.stderr]) stream.resume();
  try {
    return await new Promise<ChainEnd>((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      worker.once("error", reject);
      worker.once("exit", (code) =>
        reject(new Error(`The worker thread of the AWS credential provider chain exited (${code}).`)),
      );
      worker.on("message", (message: ChainErrand | ChainEnd) => {
        if (message.kind === "found" || message.kind === "failed") return resolve(message);
        const answer = (result: ErrandResult): void => worker.postMessage(result);
        return void errands.run(message).then(answer);
      });
    });
  } finally {
    void worker.terminate();
  }
}
