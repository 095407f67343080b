import * as z from "zod";
import { clearTextField } from "../config/configFields";
import { ImageBuilderError } from "../base/errors";
import { registryHost } from "../base/imageReference";
import { withoutEnd } from "../base/trimText";

const description = "Registry host, optionally followed by a path";
const trimmedUri = z
  .string({
    error: ({ input }) =>
      input === undefined ? "the registry address is missing" : "the registry address must be a string",
  })
  .transform((uri) => withoutEnd(uri.trim(), "/"));

/** Configuration of every registry flavor; flavors extend it with their own fields and checks. */
export const registryConfigSchema = z.strictObject({
  /** Host with an optional port and path: `ghcr.io/team`. Trailing slashes are removed. */
  uri: trimmedUri.refine(isRegistryUri, { error: ({ input }) => uriProblem(String(input)) }).meta({ description }),
  /** Name of a stored secret with a user name and a password. */
  authenticationSecret: clearTextField("Name of a stored secret with a user name and a password").optional(),
  /** Path below the address for images whose name contains no repository. */
  defaultRepository: z
    .string()
    .regex(/^[a-z0-9]+([._/-]+[a-z0-9]+)*$/, { error: 'enter a lowercase path, such as "team/app"' })
    .optional()
    .meta({ description: "Path below the address for images that do not name a repository" }),
  /** As Docker's `insecure-registries`, for daemons that do not tell which registries they are. */
  insecure: z.boolean().optional().meta({ description: "Allow plain HTTP and certificates that can't be verified" }),
});

/** Result of `registryConfigSchema`. */
export type RegistryConfig = z.infer<typeof registryConfigSchema>;

/**
 * Returns the schema for the address of one service's registries, which always are reached over TLS.
 *
 * @param read yields the address as it is kept, with its host, or undefined where it is not the service's; it may throw
 * what `registryHost` does
 * @param error follows on "uri:" and says with examples which addresses are
 */
export function serviceUri(read: (uri: string) => string | undefined, error: string) {
  return trimmedUri
    .transform((written, { issues }) => {
      const uri = written.replace(/^http:\/\//i, "");
      const address = readAddress(read, uri);
      if (address !== undefined) return address;
      issues.push({
        code: "custom",
        input: written,
        message: isRegistryUri(uri) || !isRegistryUri(uri.toLowerCase()) ? error : uriProblem(uri),
      });
      return z.NEVER;
    })
    .meta({ description });
}

/** Returns the schema for the registries of one service, which `serviceUri` describes. */
export function registryConfigOf(...service: Parameters<typeof serviceUri>): z.ZodType<RegistryConfig> {
  return registryConfigSchema.extend({ uri: serviceUri(...service) });
}

function readAddress(read: (uri: string) => string | undefined, uri: string): string | undefined {
  try {
    const address = read(uri);
    return address !== undefined && isRegistryUri(address) ? address : undefined;
  } catch (error) {
    if (ImageBuilderError.is(error, "configurationInvalid")) return undefined;
    throw error;
  }
}

function uriProblem(uri: string): string {
  return isRegistryUri(uri.toLowerCase())
    ? 'enter the registry\'s path in lowercase, such as "ghcr.io/team"'
    : 'enter the registry\'s host and an optional path, such as "ghcr.io/team"';
}

function isRegistryUri(uri: string): boolean {
  try {
    const host = registryHost(uri);
    // A port may be out of range.
    return host.length > 0 && URL.canParse(`https://${host}/`);
  } catch {
    return false;
  }
}
