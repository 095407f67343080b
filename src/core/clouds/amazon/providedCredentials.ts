import * as z from "zod";
import { readAnswer } from "../../border/readAnswer";
import { answerBorder, secretText } from "../askService";
import type { AwsKeys } from "../awsSignIn";

/** Keys, and their expiration in milliseconds since 1970; undefined if they don't expire. */
export interface AwsCredentials extends AwsKeys {
  readonly expiresAtMs?: number;
}

/**
 * Credentials as STS, the CLI, and the machine's own services write them. The CLI names the token `SessionToken`; keys
 * that don't expire have none.
 */
export const credentialsSchema = z.looseObject({
  AccessKeyId: secretText,
  SecretAccessKey: secretText,
  Token: z.union([secretText, z.literal("")]).nullish(),
  SessionToken: z.union([secretText, z.literal("")]).nullish(),
  Expiration: z.string().nullish(),
});

/** Converts a service's response to credentials. */
export function credentialsOf({
  AccessKeyId: accessKeyId,
  SecretAccessKey: secretAccessKey,
  Token,
  SessionToken,
  Expiration,
}: z.infer<typeof credentialsSchema>): AwsCredentials {
  const sessionToken = Token || SessionToken;
  const end = Date.parse(Expiration ?? "");
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }), ...(end > 0 && { expiresAtMs: end }) };
}

/** Latest time that both Amazon's libraries and JavaScript's `Date` support. */
const never = "9999-12-31T23:59:59Z";

/**
 * Checks the response of a container's or machine's service, and completes it: Amazon's libraries refuse credentials
 * without a token and an expiration, which emulators of those services leave out.
 *
 * @throws ImageBuilderError `connectorFailed`
 */
export function completeDocument(text: Buffer, who: string): string {
  const { Token, Expiration, ...keys } = readAnswer(text, answerBorder(who, credentialsSchema));
  const end = Date.parse(Expiration ?? "");
  return JSON.stringify({
    ...keys,
    Token: Token ?? "",
    Expiration: end > 0 ? new Date(end).toISOString() : never,
  });
}

/** Result of the AWS provider chain. */
export const foundSchema = z.looseObject({
  accessKeyId: secretText,
  secretAccessKey: secretText,
  sessionToken: z.union([secretText, z.literal("")]).nullish(),
  expiration: z.date().nullish().catch(undefined),
});
