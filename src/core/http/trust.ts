import { readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { createSecureContext, rootCertificates, type SecureContext } from "node:tls";
import { readSmallFile } from "../border/readSmallFile";
import { ImageBuilderError, messageOf, systemCodeOf } from "../base/errors";

/** Trust in a server's certificate, and our own certificate for it. */
export interface Trust {
  readonly secureContext?: SecureContext;
  /** False only for registries on this machine and those that Docker's configuration marks as insecure. */
  readonly rejectUnauthorized: boolean;
}

/** Files of the system's certificate authorities; Docker reads them, Node doesn't. */
const systemBundles = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

/** Returns the folders in which Docker looks for the certificates of registries: `<folder>/<host:port>/ca.crt`. */
export function certificateFolders(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string[] {
  const own = join(homedir(), ".docker", "certs.d");
  if (platform === "win32") return [join(env["ProgramData"] || "C:\\ProgramData", "docker", "certs.d"), own];
  return ["/etc/docker/certs.d", own, join(env["XDG_CONFIG_HOME"] || join(homedir(), ".config"), "docker", "certs.d")];
}

/** Places of certificates. */
interface TrustOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly folders: readonly string[];
  readonly platform?: NodeJS.Platform;
}

/**
 * Reads the trust settings of a host: Node's authorities, the system's or those of `SSL_CERT_FILE`, and the host's own
 * in Docker's `certs.d`, which may also contain a client certificate.
 *
 * @param host host with its port, as the folder is named
 * @throws ImageBuilderError `registryTls`, naming the invalid file or folder
 */
export async function trustFor(
  host: string,
  { env, folders, platform = process.platform }: TrustOptions,
): Promise<Trust> {
  const own = await ownCertificates(certificateFolderName(host, platform), folders);
  const system = await systemAuthorities(env);
  try {
    const secureContext = createSecureContext({
      ca: [...rootCertificates, ...system, ...own.authorities],
      cert: own.cert,
      key: own.key,
    });
    return { secureContext, rejectUnauthorized: true };
  } catch (error) {
    throw new ImageBuilderError(
      "registryTls",
      `Can't use the certificates for ${host} in ${own.folder ?? "SSL_CERT_FILE"} (${messageOf(error)}). ` +
        "Fix or replace them.",
      { cause: error },
    );
  }
}

/**
 * Returns the name of a registry's folder in `certs.d`. Windows allows no colon in it, so Docker leaves it out.
 *
 * @see https://github.com/moby/moby/blob/v28.5.2/registry/config_windows.go
 */
export function certificateFolderName(host: string, platform: NodeJS.Platform): string {
  return platform === "win32" ? host.replaceAll(":", "") : host;
}

interface OwnCertificates {
  readonly folder?: string;
  readonly authorities: readonly string[];
  readonly cert?: string;
  readonly key?: string;
}

/**
 * Reads a host's certificates by Docker's rule: `*.crt` are authorities, a `*.cert` and the `*.key` of the same name
 * are the client's.
 */
async function ownCertificates(name: string, folders: readonly string[]): Promise<OwnCertificates> {
  for (const folder of folders.map((each) => join(each, name))) {
    const names = await readdir(folder).catch((): string[] => []);
    if (names.length === 0) continue;
    const read = (name: string) => readCertificate(join(folder, name));
    const authorities = await Promise.all(names.filter((name) => name.endsWith(".crt")).map(read));
    const cert = names.find((name) => name.endsWith(".cert") && names.includes(name.replace(/cert$/, "key")));
    return {
      folder,
      authorities,
      ...(cert && { cert: await read(cert), key: await read(cert.replace(/cert$/, "key")) }),
    };
  }
  return { authorities: [] };
}

async function systemAuthorities(env: NodeJS.ProcessEnv): Promise<string[]> {
  if (env["SSL_CERT_FILE"]) return [await readCertificate(env["SSL_CERT_FILE"])];
  for (const file of systemBundles) {
    const text = await readSmallFile(file).catch(() => undefined);
    if (text) return [text];
  }
  return [];
}

async function readCertificate(file: string): Promise<string> {
  try {
    return await readSmallFile(file);
  } catch (error) {
    throw new ImageBuilderError(
      "registryTls",
      `Can't read the certificate "${file}" (${systemCodeOf(error) ?? messageOf(error)}). ` +
        "Fix its permissions, or remove it.",
      { cause: error },
    );
  }
}
