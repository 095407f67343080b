import * as z from "zod";
import { registryHost } from "../imageReference";

/** The configuration every registry flavor has; flavors extend it with fields and checks of their own. */
export const registryConfigSchema = z.strictObject({
  /** Host with port and, if wanted, a path: `ghcr.io/team`. Trailing slashes are dropped. */
  uri: z
    .string({ error: "the registry's address is missing" })
    .transform((uri) => uri.trim().replace(/\/+$/, ""))
    .refine(isRegistryUri, { error: 'write the registry\'s host and, if wanted, a path, such as "ghcr.io/team"' }),
  /** Name of a stored secret with a username and a password. */
  authenticationSecret: z.string().min(1).optional(),
});

/** What `registryConfigSchema` yields. */
export type RegistryConfig = z.infer<typeof registryConfigSchema>;

function isRegistryUri(uri: string): boolean {
  try {
    return registryHost(uri).length > 0;
  } catch {
    return false;
  }
}
