import * as z from "zod";
import { clearTextField } from "../config/configFields";
import { registryHost } from "../base/imageReference";
import { withoutEnd } from "../base/trimText";

/** Configuration of every registry flavor; flavors extend it with their own fields and checks. */
export const registryConfigSchema = z.strictObject({
  /** Host with an optional port and path: `ghcr.io/team`. Trailing slashes are removed. */
  uri: z
    .string({
      error: ({ input }) =>
        input === undefined ? "the registry address is missing" : "the registry address must be a string",
    })
    .transform((uri) => withoutEnd(uri.trim(), "/"))
    .refine(isRegistryUri, {
      error: ({ input }) =>
        isRegistryUri(String(input).toLowerCase())
          ? 'enter the registry\'s path in lowercase, such as "ghcr.io/team"'
          : 'enter the registry\'s host and an optional path, such as "ghcr.io/team"',
    })
    .meta({ description: "Registry host, optionally followed by a path" }),
  /** Name of a stored secret with a user name and a password. */
  authenticationSecret: clearTextField("Name of a stored secret with a user name and a password").optional(),
  /** Path below the address for images whose name contains no repository. */
  defaultRepository: z
    .string()
    .regex(/^[a-z0-9]+([._/-]+[a-z0-9]+)*$/, { error: 'enter a lowercase path, such as "team/app"' })
    .optional()
    .meta({ description: "Path below the address for images that do not name a repository" }),
});

/** Result of `registryConfigSchema`. */
export type RegistryConfig = z.infer<typeof registryConfigSchema>;

/** Creates the schema for the registries of one service: `owns` returns whether a host belongs to the service. */
export function registryConfigOf(owns: (host: string) => boolean, error: string): z.ZodType<RegistryConfig> {
  return registryConfigSchema.refine((config) => owns(registryHost(config.uri)), { path: ["uri"], error });
}

function isRegistryUri(uri: string): boolean {
  try {
    return registryHost(uri).length > 0;
  } catch {
    return false;
  }
}
