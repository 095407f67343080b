import { isAbsolute } from "node:path";
import * as z from "zod";
import { ImageBuilderError } from "../base/errors";
import { parsePlatforms } from "../base/platforms";
import { parseAddress, type Connection } from "../transport/endpointAddress";
import { isHomePath } from "../base/homePath";

const file = z.string().refine((path) => isAbsolute(path) || isHomePath(path), {
  error: 'enter an absolute path, or one that begins with "~/"',
});

const nodeSchema = z
  .strictObject({
    endpoint: z
      .string()
      .refine((address) => nodeConnection(address) !== undefined || containerOf(address) !== undefined, {
        error:
          'enter an address such as "unix:///run/buildkit/buildkitd.sock", "tcp://builder.example.com:1234", ' +
          '"ssh://builder.example.com" or "docker-container://buildkitd"',
      })
      .meta({ description: "Address of the daemon" }),
    platforms: z
      .array(
        z.string().refine((text) => parsePlatforms(text) === text, { error: 'enter a platform such as "linux/arm64"' }),
      )
      .min(1)
      .optional()
      .meta({ description: "Platforms to build there; default is any" }),
    ca: file.optional().meta({ description: "File with the certificate of the authority that signed the daemon's" }),
    cert: file.optional().meta({ description: "File with this client's certificate" }),
    key: file.optional().meta({ description: "File with the key of this client's certificate" }),
    servername: z.string().min(1).max(253).optional().meta({ description: "Host name in the daemon's certificate" }),
  })
  .superRefine((node, context) => {
    const { endpoint, ca, cert, key, servername } = node;
    const report = (field: string, message: string): void =>
      context.addIssue({ code: "custom", path: [field], message });
    if (ca === undefined && cert === undefined && key === undefined && servername === undefined) return;
    if (nodeConnection(endpoint)?.kind !== "tcp") report("endpoint", "TLS requires an address with tcp://");
    if (ca === undefined) report("ca", "TLS requires the certificate of the authority that signed the daemon's");
    if (cert === undefined && key !== undefined) report("cert", 'enter the certificate of "key"');
    if (key === undefined && cert !== undefined) report("key", 'enter the key of "cert"');
  });

/** Schema of the configuration of BuildKit daemons: their addresses, or a builder of buildx. */
export const buildkitConfigSchema = z
  .strictObject({
    nodes: z
      .array(nodeSchema)
      .min(1, { error: "enter at least one daemon" })
      .optional()
      .meta({ description: 'Daemons, such as [{ "endpoint": "tcp://builder.example.com:1234" }]' }),
    instance: z
      .string()
      .regex(/^[a-z0-9][a-z0-9_.-]*$/i, { error: "enter the name of a buildx builder" })
      .max(200)
      .optional()
      .meta({ description: "Name of a builder that docker buildx create has set up" }),
  })
  .superRefine(({ nodes, instance }, context) => {
    const report = (field: string, message: string): void =>
      context.addIssue({ code: "custom", path: [field], message });
    if (nodes === undefined && instance === undefined) report("nodes", 'enter the daemons, or a builder in "instance"');
    if (nodes !== undefined && instance !== undefined) report("instance", 'remove either "instance" or "nodes"');
  });

/** Configuration of BuildKit daemons. */
export type BuildkitConfig = z.infer<typeof buildkitConfigSchema>;

/** One BuildKit daemon of a configuration. */
export type BuildkitNodeConfig = z.infer<typeof nodeSchema>;

/** Returns the name of the container in an address such as `docker-container://buildkitd`; undefined for others. */
export function containerOf(address: string): string | undefined {
  return /^docker-container:\/\/([a-z0-9][a-z0-9_.-]{0,253})$/i.exec(address)?.[1];
}

/** Returns the connection to the address of a BuildKit daemon, which has no default; undefined if it is not valid. */
export function nodeConnection(address: string): Connection | undefined {
  if (!/^(?:(?:unix|npipe|ssh):\/\/.|tcp:\/\/.*:\d+$)/is.test(address)) return undefined;
  try {
    return parseAddress(
      { text: address, source: "the configuration", code: "configurationInvalid" },
      process.platform,
      false,
    );
  } catch (error) {
    if (ImageBuilderError.is(error)) return undefined;
    throw error;
  }
}
