import { join } from "node:path";
import { readSmallFile } from "../border/readSmallFile";
import { ImageBuilderError, messageOf, systemCodeOf, type ErrorCode } from "../base/errors";
import type { TlsOptions } from "./endpointAddress";

/**
 * Reads the files that Docker uses with `DOCKER_TLS_VERIFY`. As in Docker, the client's certificate and key are
 * optional.
 *
 * @param folder `DOCKER_CERT_PATH`, otherwise Docker's configuration folder
 * @throws ImageBuilderError `daemonTls`, naming the file that is missing or can't be read
 */
export async function readTlsFolder(folder: string): Promise<TlsOptions> {
  const { ca, cert, key } = await readTlsFiles(folder, "daemonTls");
  if (ca === undefined) throw missing(folder, "ca.pem");
  if (cert === undefined && key !== undefined) throw missing(folder, "cert.pem");
  if (key === undefined && cert !== undefined) throw missing(folder, "key.pem");
  return { ca, cert, key, rejectUnauthorized: true };
}

/**
 * Reads the PEM files of a folder, sequentially so that no file is still open when one fails.
 *
 * @throws ImageBuilderError with `code`, naming an existing file that can't be read
 */
export async function readTlsFiles(folder: string, code: ErrorCode): Promise<Pick<TlsOptions, "ca" | "cert" | "key">> {
  const read = (name: string): Promise<string | undefined> => readOptional(join(folder, name), code);
  return { ca: await read("ca.pem"), cert: await read("cert.pem"), key: await read("key.pem") };
}

/**
 * Returns the text of a PEM file; undefined if it does not exist.
 *
 * @throws ImageBuilderError with `code` if it exists and can't be read
 */
async function readOptional(file: string, code: ErrorCode): Promise<string | undefined> {
  try {
    return await readSmallFile(file);
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return undefined;
    throw new ImageBuilderError(code, `Can't read the TLS file "${file}" (${messageOf(error)}). Fix its permissions.`, {
      cause: error,
    });
  }
}

function missing(folder: string, name: string): ImageBuilderError {
  return new ImageBuilderError(
    "daemonTls",
    `The TLS file "${join(folder, name)}" is missing. ` +
      "Add it, set DOCKER_CERT_PATH to the folder that contains it, or unset DOCKER_TLS_VERIFY.",
  );
}
