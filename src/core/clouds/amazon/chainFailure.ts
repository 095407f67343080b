import { ImageBuilderError, messageOf } from "../../base/errors";
import { readSmallFile } from "../../border/readSmallFile";
import { isLoopback } from "../../http/proxy";
import { renewalOf } from "./awsRefusal";
import type { ChainEnd, ChainRequest } from "./chainMessages";
import type { OutsideFailure } from "./chainErrands";

/** Reason why there are no credentials. */
interface ChainFailure {
  readonly error: ImageBuilderError;
  /** Whether no credentials were found at all, so that another source may have some. */
  readonly isNothing: boolean;
}

type Failed = Extract<ChainEnd, { readonly kind: "failed" }> & { readonly cause?: unknown };

/**
 * Explains why the AWS provider chain found no credentials, and what to do next, based on codes and the configuration.
 */
export async function chainFailure(
  end: Failed,
  { profile: named }: ChainRequest,
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
    const { error, status } = outside;
    // A session that cannot be renewed is refused as a bad request.
    const isRefused = status === 400 || status === 401 || status === 403;
    if (command && isRefused) return fails(`${error.message} Run "${command}" to sign in again.`);
    if (!ImageBuilderError.is(error, "connectorExpired")) return { error, isNothing: false };
    const signIn = { kind: "implicit", ...(named !== undefined && { profile: named }) } as const;
    const message = `${error.message} ${renewalOf(signIn, env)}`;
    return { error: new ImageBuilderError("connectorExpired", message, { cause: error }), isNothing: false };
  }
  if (command) return fails(`The AWS profile "${profile}" has no active session. Run "${command}" to sign in.`);
  if (of === "process")
    return fails(
      `The "credential_process" command in the AWS profile "${profile}" did not return valid credentials. ` +
        "Run it in a terminal to check its output.",
    );
  if (of === "mfa")
    return fails(
      `The AWS profile "${profile}" requires an MFA code (mfa_serial), which is not supported here. ` +
        "Sign in with the AWS CLI, and use a profile of that session.",
    );
  if (of === "missing" && (named ?? env["AWS_PROFILE"]))
    return fails(
      `The AWS configuration has no profile "${profile}". ` +
        'Run "aws configure list-profiles" to list the available profiles.',
    );
  const broken = brokenAddress(env) ?? (await brokenFile(env));
  if (broken) return { error: broken, isNothing: false };
  const reason = outside
    ? outside.error.message
    : end.cause === undefined
      ? "No credentials were found in the environment or the AWS configuration."
      : "The AWS credential provider chain returned no result.";
  return fails(
    "This machine is not signed in to AWS. " +
      `Run "aws configure" or "aws sso login", or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. (${reason})`,
    true,
  );
}

function signInCommand(of: Failed["of"], profile: string): string | undefined {
  // Only characters that need no quoting in a shell are put into a command.
  const option = /^[\w.@-]+$/.test(profile) ? ` --profile ${profile}` : "";
  return of === "sso" ? `aws sso login${option}` : of === "login" ? `aws login${option}` : undefined;
}

/** Hosts of the container's own service, to which a token may be sent without TLS. */
const containerHosts = ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]", "[::1]"];

function brokenAddress(env: NodeJS.ProcessEnv): ImageBuilderError | undefined {
  const address = env["AWS_CONTAINER_CREDENTIALS_FULL_URI"];
  if (!address || env["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"]) return undefined;
  const says = (what: string) =>
    new ImageBuilderError("connectorFailed", `AWS_CONTAINER_CREDENTIALS_FULL_URI ${what}. Correct or unset it.`);
  if (!URL.canParse(address)) return says("is not a valid URL");
  const { protocol, host, hostname } = new URL(address);
  const isSafe = protocol === "https:" || isLoopback(hostname) || containerHosts.includes(hostname);
  return isSafe ? undefined : says(`must use HTTPS or an address of this machine, but points to ${host}`);
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
        `Can't read the file "${file}" named by ${name} (${messageOf(cause)}). Check that it exists and is readable.`,
        { cause },
      );
    }
  }
  return undefined;
}
