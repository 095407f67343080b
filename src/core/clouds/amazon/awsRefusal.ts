import * as z from "zod";
import { parseJson } from "../../border/parseJson";
import { ImageBuilderError } from "../../base/errors";
import type { HttpResponse } from "../../http/httpClient";
import { refusal } from "../askService";
import type { AwsSignIn } from "../awsSignIn";

/** Request to a service of AWS. */
export interface AwsPurpose {
  readonly host: string;
  /** Follows on "to". */
  readonly purpose: string;
  /** Remedy for expired credentials, as a sentence; empty if it is added later. */
  readonly renewal?: string;
}

type Meaning = "expired" | "unknownKey" | "wrongSignature" | "denied" | "closedRegion" | "tooMany";

/** By the codes that services of AWS have in common; those that answer in JSON end theirs with `Exception`. */
const meanings: Readonly<Record<Meaning, readonly string[]>> = {
  expired: ["ExpiredToken", "TokenRefreshRequired"],
  unknownKey: ["InvalidClientTokenId", "UnrecognizedClient", "InvalidAccessKeyId", "AuthFailure"],
  wrongSignature: [
    "SignatureDoesNotMatch",
    "InvalidSignature",
    "IncompleteSignature",
    "RequestExpired",
    "RequestTimeTooSkewed",
  ],
  denied: ["AccessDenied", "UnauthorizedOperation", "NotAuthorized"],
  closedRegion: ["RegionDisabled", "OptInRequired"],
  tooMany: ["Throttling", "Throttle", "TooManyRequests", "RequestLimitExceeded"],
};

/** A signature is refused from five minutes on. */
const mostSkewMs = 5 * 60_000;
const bodySchema = z.looseObject({ __type: z.string().max(200).optional().catch(undefined) });

/**
 * Says what a refusal of AWS's means by its code, in AWS's own words, and what to do.
 *
 * @returns `connectorExpired` where the credentials have ended, `connectorFailed` otherwise
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/CommonErrors.html
 */
export function awsRefusal(response: HttpResponse, { host, purpose, renewal }: AwsPurpose): ImageBuilderError {
  const { message } = refusal(response, host, purpose);
  const meaning = meaningOf(response);
  if (meaning === "expired")
    return new ImageBuilderError(
      "connectorExpired",
      `The AWS credentials have expired: ${message} ${renewal ?? "Sign in to AWS again."}`.trimEnd(),
    );
  const remedy = meaning && remedyFor(meaning, response);
  return new ImageBuilderError("connectorFailed", remedy === undefined ? message : `${message} ${remedy}`);
}

/** Says how to get new credentials where the ones of a sign-in have ended. */
export function renewalOf(signIn: AwsSignIn, env: NodeJS.ProcessEnv): string {
  if (signIn.kind !== "implicit") return "Update the connector with new credentials.";
  const profile = signIn.profile ?? env["AWS_PROFILE"];
  if (profile === undefined && env["AWS_ACCESS_KEY_ID"])
    return "Update AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, and AWS_SESSION_TOKEN.";
  // Suggest only a profile that needs no quotes in a command line.
  const option = profile !== undefined && /^[\w.@-]+$/.test(profile) ? ` --profile ${profile}` : "";
  return `Sign in again, for example with "aws sso login${option}".`;
}

function meaningOf({ headers, body }: HttpResponse): Meaning | undefined {
  const text = body.toString("utf8");
  const code = (
    String(headers["x-amzn-errortype"] ?? "").split(":")[0] ||
    bodySchema.safeParse(parseJson(text)).data?.__type?.split("#").at(-1) ||
    /<Code>([^<]{1,200})<\/Code>/.exec(text)?.[1] ||
    ""
  ).replace(/Exception$/, "");
  const found = Object.entries(meanings).find(([, codes]) => codes.includes(code));
  return found?.[0] as Meaning | undefined;
}

function remedyFor(meaning: Exclude<Meaning, "expired">, { headers }: HttpResponse): string {
  const skewMs = Date.now() - Date.parse(headers.date ?? "");
  if (meaning === "wrongSignature" && Math.abs(skewMs) > mostSkewMs) {
    const minutes = Math.round(Math.abs(skewMs) / 60_000);
    return `This machine's clock is ${minutes} minutes ${skewMs > 0 ? "ahead" : "behind"}. Correct it.`;
  }
  return remedies[meaning];
}

const remedies: Readonly<Record<Exclude<Meaning, "expired">, string>> = {
  unknownKey: "Check that the access key ID is correct and active, and that the account has enabled the region.",
  wrongSignature: "Check the secret access key.",
  denied: "Ask an administrator of the AWS account to allow this action.",
  closedRegion: "Enable the region in the AWS account, or use another one.",
  tooMany: "Wait a moment, and try again.",
};
