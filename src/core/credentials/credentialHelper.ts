import * as z from "zod";
import { foreignWords } from "../border/foreignWords";
import { parseGoJson, type GoShape } from "../border/goJson";
import { ImageBuilderError, messageOf, systemCodeOf } from "../base/errors";
import { runProgram, type RunOutcome } from "../process/runProgram";
import type { Credentials } from "./credentialSource";

/** Request to a credential helper. */
export interface HelperRequest {
  /** Program name without `docker-credential-`. */
  readonly name: string;
  /** Server as `docker login` stored it. */
  readonly server: string;
  /** Place where the helper is configured, for messages: the file and the field. */
  readonly namedIn: string;
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Requests credentials from `docker-credential-<name>` by Docker's protocol.
 *
 * @returns undefined if the helper has none for the server
 * @throws ImageBuilderError `credentialsFailed`, with the helper's own words but never with a possible secret; the
 * signal's reason when aborted
 * @see https://github.com/docker/docker-credential-helpers
 */
export async function askCredentialHelper(question: HelperRequest): Promise<Credentials | undefined> {
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(question.name)) {
    const remedy = 'use the part after "docker-credential-", such as "pass"';
    throw failure(
      `The credential helper "${question.name}" in ${question.namedIn} is not a valid program name: ${remedy}.`,
    );
  }
  const { exitCode, stdout, stderr } = await run(question);
  const answer = parseAnswer(stdout);
  if (exitCode === 0 && answer) return credentialsOf(answer);
  if (exitCode === 0)
    throw failure(`${called(question)} did not return valid credentials. Check that it works with "docker login".`);
  if (/credentials not found/i.test(stdout + stderr)) return undefined;

  // The protocol reports the reason on stdout, which contains the secret instead if the helper fails late.
  const words = stdout.includes("{") ? stderr : `${stdout} ${stderr}`;
  // Masks the secret before the words are cut, because a cut could leave half of it.
  const shown = foreignWords(answer?.Secret ? words.replaceAll(answer.Secret, "***") : words, 500);
  throw failure(
    `${called(question)} failed for ${question.server} (exit code ${exitCode ?? "none"})` +
      `${shown && `: ${shown}`}. Fix it, or log in again.`,
  );
}

const answerSchema = z.looseObject({ Username: z.string(), Secret: z.string() });
const answerShape: GoShape = { struct: { Username: "value", Secret: "value" } };

/** Returns undefined if the output does not follow the protocol. */
function parseAnswer(stdout: string): z.infer<typeof answerSchema> | undefined {
  return answerSchema.safeParse(parseGoJson(stdout, answerShape, { firstOnly: true })).data;
}

function credentialsOf({ Username, Secret }: z.infer<typeof answerSchema>): Credentials | undefined {
  if (Secret === "") return undefined;
  return Username === "<token>" ? { identityToken: Secret } : { username: Username, password: Secret };
}

async function run(question: HelperRequest): Promise<RunOutcome> {
  const { name, server, env, timeoutMs, signal } = question;
  const outcome = await runProgram(`docker-credential-${name}`, ["get"], {
    env,
    input: server,
    timeoutMs,
    signal,
  }).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw startFailure(question, error);
  });
  if (!outcome.cutShort) return outcome;
  const reason =
    outcome.cutShort === "late" ? `did not answer within ${timeoutMs / 1000} s` : "returned too much output";
  throw failure(`${called(question)} ${reason}. Check that it is not waiting for something, such as a locked keyring.`);
}

function startFailure(question: HelperRequest, error: unknown): ImageBuilderError {
  return failure(`${called(question)} ${startReason(question.name, error)}.`, error);
}

function startReason(name: string, error: unknown): string {
  const remedy = `install it, or remove "${name}" from that file`;
  switch (systemCodeOf(error)) {
    case "ENOENT":
      return `is not in PATH: ${remedy}`;
    // Also reported for a missing program if PATH contains an unreadable folder.
    case "EACCES":
      return `is not in PATH or is not executable: ${remedy}`;
    default:
      return `can't be started (${messageOf(error)})`;
  }
}

function called({ name, namedIn }: HelperRequest): string {
  return `The credential helper "docker-credential-${name}", configured in ${namedIn},`;
}

function failure(message: string, cause?: unknown): ImageBuilderError {
  return new ImageBuilderError("credentialsFailed", message, { cause });
}
