import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { systemCodeOf } from "../base/errors";
import { readSmallBytes } from "../border/readSmallFile";

/** Suffix of the log of a running or interrupted build. */
export const logSuffix = ".log";
/** Suffix of the log of a build that has ended. */
export const packedSuffix = ".log.gz";

/** Suffix of the report of a build. */
export const reportSuffix = ".report.gz";

/** Suffix of what the steps of a build depended on. */
export const inputsSuffix = ".inputs.gz";

const [pack, unpack] = [promisify(gzip), promisify(gunzip)];

/** Returns the file of a log that grows. */
export function logFileOf(folder: string, id: string): string {
  return join(folder, id + logSuffix);
}

/** Returns the file of a log that is complete. */
export function packedLogOf(folder: string, id: string): string {
  return join(folder, id + packedSuffix);
}

/** Returns the file of a report. */
export function reportFileOf(folder: string, id: string): string {
  return join(folder, id + reportSuffix);
}

/** Returns the file of what the steps of a build depended on. */
export function inputsFileOf(folder: string, id: string): string {
  return join(folder, id + inputsSuffix);
}

export async function packedText(text: string): Promise<Buffer> {
  return pack(text);
}

/**
 * Reads a complete log.
 *
 * @returns undefined if there is no such file
 * @throws the error of the file system or of unpacking, also if the text has more bytes than the limit
 */
export async function readPackedText(file: string, maxBytes: number): Promise<string | undefined> {
  const packed = await readSmallBytes(file, maxBytes).catch((error: unknown) => {
    if (systemCodeOf(error) === "ENOENT") return undefined;
    throw error;
  });
  return packed && (await unpack(packed, { maxOutputLength: maxBytes })).toString("utf8");
}
