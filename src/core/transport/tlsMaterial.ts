import { join } from "node:path";
import { readSmallFile } from "../border/readSmallFile";
import { ImageBuilderError, messageOf, systemCodeOf, type ErrorCode } from "../base/errors";
import type { TlsOptions } from "./endpointAddress";

/**
 * Reads the files that `DOCKER_TLS_VERIFY` makes Docker use. As in Docker, the client's own certificate may be left
 * out, with its key.
 *
 * @param folder `DOCKER_CERT_PATH`, else Docker's configuration folder
 * @throws ImageBuilderError `daemonTls`, naming the file that is missing or cannot be read
 */
export async function readTlsFolder(folder: string): Promise<TlsOptions> {
  const { ca, cert, key } = await readTlsFiles(folder, "daemonTls");
  if (ca === undefined) throw missing(folder, "ca.pem");
  if (cert === undefined && key !== undefined) throw missing(folder, "cert.pem");
  if (key === undefined && cert !== undefined) throw missing(folder, "key.pem");
  return { ca, cert, key, rejectUnauthorized: true };
}

/**
 * Reads the PEM files of a folder, one after the other: when one fails, no other is still open.
 *
 * @throws ImageBuilderError with `code`, naming a file that is there and cannot be read
 */
export async function readTlsFiles(folder: string, code: ErrorCode): Promise<Pick<TlsOptions, "ca" | "cert" | "key">> {
  const read = (name: string): Promise<string | undefined> => readOptional(join(folder, name), code);
  return { ca: await read("ca.pem"), cert: await read("cert.pem"), key: await read("key.pem") };
}

/**
 * The text of a PEM file, nothing when there is none.
 *
 * @throws ImageBuilderError with `code`, when it is there and cannot be read
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
