import * as z from "zod";
import { readAnswer } from "../../border/readAnswer";
import { answerBorder, secretText } from "../askService";
import type { AwsKeys } from "../awsSignIn";

/** Keys, and when they end in milliseconds since 1970, if they do. */
export interface AwsCredentials extends AwsKeys {
  readonly expiresAtMs?: number;
}

/**
 * As STS, the CLI and the machine's own services write them; the CLI calls the token otherwise, and keys that do not
 * end have none.
 */
export const credentialsSchema = z.looseObject({
  AccessKeyId: secretText,
  SecretAccessKey: secretText,
  Token: z.union([secretText, z.literal("")]).nullish(),
  SessionToken: z.union([secretText, z.literal("")]).nullish(),
  Expiration: z.string().nullish(),
});

/** Makes credentials of what a service has written. */
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

/** The latest time that both Amazon's libraries and JavaScript's dates know. */
const never = "9999-12-31T23:59:59Z";

/**
 * Checks what a container's or machine's service has written, and completes it: Amazon's libraries refuse credentials
 * without a token and an end, which stand-ins of those services leave out.
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

/** What Amazon's provider chain finds. */
export const foundSchema = z.looseObject({
  accessKeyId: secretText,
  secretAccessKey: secretText,
  sessionToken: z.union([secretText, z.literal("")]).nullish(),
  expiration: z.date().nullish().catch(undefined),
});
