import { createPrivateKey } from "node:crypto";
import * as z from "zod";
import { foreignWords } from "../../border/foreignWords";
import { parseJson } from "../../border/parseJson";
import { ImageBuilderError, messageOf } from "../../base/errors";
import { checkAddresses, type FilePlace } from "./googleAddresses";

const text = z.string().min(1);
const user = z.looseObject({
  type: z.literal("authorized_user"),
  client_id: text,
  client_secret: text,
  refresh_token: text,
});
const service = z.looseObject({ type: z.literal("service_account"), client_email: text, private_key: text });
const workforceUser = z.looseObject({
  type: z.literal("external_account_authorized_user"),
  client_id: text,
  client_secret: text,
  refresh_token: text,
  token_url: text.optional(),
});

const format = z
  .looseObject({ type: z.enum(["text", "json"]).optional(), subject_token_field_name: z.string().optional() })
  .optional();
const external = z.looseObject({
  type: z.literal("external_account"),
  audience: text,
  subject_token_type: text,
  token_url: text,
  service_account_impersonation_url: text.optional(),
  credential_source: z.union([
    z.looseObject({ file: text, format }),
    z.looseObject({ environment_id: text, regional_cred_verification_url: text }),
    z.looseObject({ url: text, headers: z.record(z.string(), z.string()).optional(), format }),
  ]),
});

const own = z.discriminatedUnion("type", [user, service, workforceUser, external]);
const impersonated = z.looseObject({
  type: z.literal("impersonated_service_account"),
  service_account_impersonation_url: text,
  source_credentials: own,
  delegates: z.array(text).optional(),
});
const schema = z.discriminatedUnion("type", [...own.options, impersonated]);

/** Contents of a Google credentials file, by type. */
export type GoogleCredentials = z.infer<typeof schema>;

/** Account of another identity provider that may sign in to Google. */
export type ExternalAccount = z.infer<typeof external>;

const types = schema.options.map(({ shape }) => shape.type.value);
/**
 * Reads a credential file: a key, a user's sign-in, or an impersonated or external identity.
 *
 * @param what begins the sentence of an error
 * @param place where the file comes from
 * @throws ImageBuilderError `connectorFailed`; nothing of the file is quoted but its type and addresses
 */
export function parseGoogleCredentials(json: string, what: string, place: FilePlace): GoogleCredentials {
  const value = parseJson(json);
  if (typeof value !== "object" || value === null)
    throw failure(`${what} can't be parsed as JSON. Use the complete, unmodified file from Google Cloud.`);
  return checked(value, place);
}

function checked(value: object, place: FilePlace): GoogleCredentials {
  const fields = new Map<string, unknown>(Object.entries(value));
  const type = fields.get("type");
  const known = types.map((each) => `"${each}"`).join(", ");
  if (typeof type !== "string" || !types.some((each) => each === type))
    throw failure(
      `The credentials have ${
        typeof type === "string" ? `the unsupported type "${foreignWords(type, 60)}"` : "no type"
      }. Use one of the types ${known}.`,
    );
  checkAddresses(fields, place);
  const source = fields.get("source_credentials");
  if (typeof source === "object" && source !== null) checked(source, place);
  const read = schema.safeParse(value);
  if (read.success) return withKey(read.data);
  if (type === "external_account")
    throw failure(
      "The external account configuration must have audience, subject_token_type, token_url and a " +
        "credential_source with a file, a url or an environment_id (AWS).",
    );
  const field = read.error.issues[0]?.path.join(".") ?? "";
  throw failure(
    `The credential file has no valid "${field}". Use the complete, unmodified file from Google Cloud or gcloud.`,
  );
}

/** Checks the private key here, because the library would report an invalid key in OpenSSL's words. */
function withKey(credentials: GoogleCredentials): GoogleCredentials {
  if (credentials.type !== "service_account") return credentials;
  try {
    createPrivateKey(credentials.private_key);
    return credentials;
  } catch (error) {
    throw failure(
      `The service account's "private_key" is not a valid key (${messageOf(error)}). Download the key again.`,
    );
  }
}

function failure(message: string): ImageBuilderError {
  return new ImageBuilderError("connectorFailed", message);
}
