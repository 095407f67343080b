import { ImageBuilderError, messageOf } from "../../base/errors";
import { readSmallFile } from "../../border/readSmallFile";
import { isLoopback } from "../../http/proxy";
import type { ChainEnd, ChainQuestion } from "./chainMessages";
import type { OutsideFailure } from "./chainErrands";

/** Why there are no credentials. */
interface ChainFailure {
  readonly error: ImageBuilderError;
  /** Whether nothing at all was found, so that something else may know more. */
  readonly isNothing: boolean;
}

type Failed = Extract<ChainEnd, { readonly kind: "failed" }> & { readonly cause?: unknown };

/** Says why AWS's provider chain has found nothing, and what to do; found out from codes and the configuration. */
export async function chainFailure(
  end: Failed,
  { profile: named }: ChainQuestion,
  env: NodeJS.ProcessEnv,
  outside: OutsideFailure | undefined,
): Promise<ChainFailure> {
  const { profile, of } = end;
  const fails = (message: string, isNothing = false): ChainFailure => {
    const cause = outside?.error ?? end.cause;
    return { error: new ImageBuilderError("connectorFailed", message, { cause }), isNothing };
  };
  const command = signInCommand(of, profile);
  if (outside && !outside.isMachine) {
    const isRefused = outside.status === 401 || outside.status === 403;
    if (command && isRefused) return fails(`${outside.error.message} Run "${command}" to sign in again.`);
    return { error: outside.error, isNothing: false };
  }
  if (command)
    return fails(`The session of the AWS profile "${profile}" has ended, or there was none yet: run "${command}".`);
  if (of === "process")
    return fails(
      `The program of "credential_process" in the AWS profile "${profile}" wrote no credentials that can be used: run it in a terminal to see what it writes.`,
    );
  if (of === "mfa")
    return fails(
      `The AWS profile "${profile}" wants the code of a device (mfa_serial), which is not asked for here: sign in with the AWS command line and name a profile of the session.`,
    );
  if (of === "missing" && (named ?? env["AWS_PROFILE"]))
    return fails(
      `The AWS configuration has no profile "${profile}": see "aws configure list-profiles" for those that there are.`,
    );
  const broken = brokenAddress(env) ?? (await brokenFile(env));
  if (broken) return { error: broken, isNothing: false };
  const reason = outside
    ? outside.error.message
    : end.cause === undefined
      ? "Neither the environment nor the AWS configuration has credentials."
      : "AWS's provider chain ended without an answer.";
  return fails(
    `This machine is not signed in to Amazon: run "aws configure" or "aws sso login", or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. (${reason})`,
    true,
  );
}

function signInCommand(of: Failed["of"], profile: string): string | undefined {
  // What stands in a command line must be taken as it is.
  const option = /^[\w.@-]+$/.test(profile) ? ` --profile ${profile}` : "";
  return of === "sso" ? `aws sso login${option}` : of === "login" ? `aws login${option}` : undefined;
}

/** The addresses of the container's own host, to which a token may go without TLS. */
const containerHosts = ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]", "[::1]"];

function brokenAddress(env: NodeJS.ProcessEnv): ImageBuilderError | undefined {
  const address = env["AWS_CONTAINER_CREDENTIALS_FULL_URI"];
  if (!address || env["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"]) return undefined;
  const says = (what: string) =>
    new ImageBuilderError("connectorFailed", `AWS_CONTAINER_CREDENTIALS_FULL_URI names ${what}: correct or unset it.`);
  if (!URL.canParse(address)) return says("no address");
  const { protocol, host, hostname } = new URL(address);
  const isSafe = protocol === "https:" || isLoopback(hostname) || containerHosts.includes(hostname);
  return isSafe ? undefined : says(`${host}, which is neither https nor this machine`);
}

async function brokenFile(env: NodeJS.ProcessEnv): Promise<ImageBuilderError | undefined> {
  for (const name of ["AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"]) {
    const file = env[name];
    if (!file) continue;
    try {
      await readSmallFile(file);
    } catch (cause) {
      return new ImageBuilderError(
        "connectorFailed",
        `The file "${file}" that ${name} names cannot be read (${messageOf(cause)}): see whether it is there.`,
        { cause },
      );
    }
  }
  return undefined;
}
