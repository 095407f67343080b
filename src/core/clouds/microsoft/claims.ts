import * as z from "zod";
import { parseJson } from "../../border/parseJson";

const claimsSchema = z.looseObject({
  exp: z.number().min(0).optional().catch(undefined),
  aud: z.string().max(300).optional().catch(undefined),
});

/** Returns the claims of a JSON Web Token: its expiration in seconds since 1970, and its audience. */
export function claimsOf(token: string): { readonly exp?: number; readonly aud?: string } {
  const text = Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8");
  return claimsSchema.safeParse(parseJson(text)).data ?? {};
}
