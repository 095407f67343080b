import { BuildContext } from "../../core/context/files/buildContext";
import { isUtf16 } from "../../core/context/dockerignore/parseIgnoreFile";
import { Evaluator } from "../../core/context/evaluation/evaluator";
import { readPathTree } from "../../core/context/tree/readPathTree";
import { directoryUnreadable } from "../../core/context/files/listDirectory";
import { realFolder } from "../../core/context/files/realFolder";
import { readRegularFile } from "../../core/context/files/readRegularFile";
import { readDockerfile } from "../../core/context/files/dockerfileSource";
import { ImageBuilderError, messageOf, systemCodeOf } from "../../core/base/errors";

/** Byte order mark, as a character. */
export const mark = "\ufeff";

/**
 * Returns undefined for a missing Dockerfile, for files that were not given on the command line; rethrows other errors.
 */
export function missing(error: unknown): undefined {
  if (!ImageBuilderError.is(error, "dockerfileMissing")) throw error;
}

/**
 * Reads a Dockerfile without its byte order mark, which the ranges of findings don't count.
 *
 * @throws ImageBuilderError `dockerfileMissing`
 */
export async function dockerfileText(path: string): Promise<string> {
  const text = await readDockerfile(new BuildContext(), { dockerfile: path }).then(
    (read) => read.text,
    (error: unknown) => {
      // A finding reports a Dockerfile in UTF-16.
      if (!ImageBuilderError.is(error, "dockerfileInvalid")) throw error;
      return readRegularFile(path)?.bytes.toString("utf8") ?? "";
    },
  );
  return text.startsWith(mark) ? text.slice(mark.length) : text;
}

/** Reads the paths of a build context. @throws ImageBuilderError `contextUnreadable`; the signal's reason if aborted */
export async function readTree(root: string, signal: AbortSignal): Promise<Evaluator> {
  try {
    return new Evaluator((await readPathTree(realFolder(root).realPath, { signal })).tree);
  } catch (error) {
    throw systemCodeOf(error) === undefined || ImageBuilderError.is(error) ? error : directoryUnreadable(root, error);
  }
}

/** Reads an ignore file; returns undefined if it doesn't exist. @throws ImageBuilderError `contextUnreadable` */
export function readIgnoreFile(path: string): Buffer | undefined {
  try {
    return readRegularFile(path)?.bytes;
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new ImageBuilderError(
      "contextUnreadable",
      `Can't read the ignore file "${path}" (${messageOf(error)}). Check that you have permission to read it.`,
      { cause: error },
    );
  }
}

/** Decodes an ignore file as an editor does, and keeps its byte order mark. */
export function decodeIgnoreFile(bytes: Buffer): string {
  if (!isUtf16(bytes)) return bytes.toString("utf8");
  return new TextDecoder(bytes[0] === 0xfe ? "utf-16be" : "utf-16le", { ignoreBOM: true }).decode(bytes);
}
