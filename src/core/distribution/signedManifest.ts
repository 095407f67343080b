import * as z from "zod";
import { parseJson } from "../border/parseJson";

const signedSchema = z.looseObject({
  signatures: z
    .array(z.looseObject({ protected: z.string() }))
    .min(1)
    .max(100),
});
const protectedSchema = z.looseObject({ formatLength: z.int().min(1), formatTail: z.string() });

/**
 * Returns the signed bytes of a schema 1 manifest. Its digest covers only these bytes: the signatures were added later.
 *
 * @returns undefined if it is not signed, or its signatures cover different texts
 * @see https://github.com/distribution/distribution/blob/v2.8.3/docs/spec/manifest-v2-1.md
 */
export function signedPayload(body: Buffer): Buffer | undefined {
  const { signatures = [] } = signedSchema.safeParse(parseJson(body.toString("utf8"))).data ?? {};
  const parts = signatures.map(
    (signature) => protectedSchema.safeParse(parseJson(decode(signature.protected).toString("utf8"))).data,
  );
  const [first] = parts;
  if (!first || first.formatLength > body.length) return undefined;
  if (parts.some((part) => part?.formatLength !== first.formatLength || part.formatTail !== first.formatTail))
    return undefined;
  return Buffer.concat([body.subarray(0, first.formatLength), decode(first.formatTail)]);
}

function decode(text: string): Buffer {
  return Buffer.from(text, "base64url");
}
