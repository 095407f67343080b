import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import type { BuildOptions } from "../../base/buildOptions";
import { isUtf16Dockerfile } from "../../dockerfile/dockerfileEncoding";
import { ImageBuilderError, messageOf, systemCodeOf } from "../../base/errors";
import type { BuildContext } from "./buildContext";
import { changedSinceTag } from "./contentCheck";
import { readRegularFile } from "./readRegularFile";

/** Dockerfile of a build, read once, so the bytes that are sent are also those in which errors are located. */
export interface DockerfileSource {
  /** Absolute path, or `Dockerfile` for an extra file. */
  readonly file: string;
  readonly name: string;
  readonly bytes: Buffer;
  readonly text: string;
  /** Whether it is an extra file of the context, which is not on disk. */
  readonly isExtraFile?: boolean;
}

/**
 * Reads the build's Dockerfile.
 *
 * @throws ImageBuilderError `dockerfileMissing`, naming where it was looked for; `dockerfileInvalid` for one in UTF-16;
 * `contextChanged` for another one than was hashed
 */
export async function readDockerfile(context: BuildContext, options: BuildOptions): Promise<DockerfileSource> {
  const added = options.dockerfile ? undefined : context.getExtraFiles().get("Dockerfile");
  if (added && "content" in added)
    return {
      file: "Dockerfile",
      name: "Dockerfile",
      bytes: added.content,
      text: added.content.toString("utf8"),
      isExtraFile: true,
    };
  // If there is no Dockerfile, BuildKit uses `dockerfile`, and Podman `Containerfile`.
  const candidates = options.dockerfile
    ? [options.dockerfile]
    : ["Dockerfile", "dockerfile", "Containerfile"].map((name) => join(context.root ?? ".", name));
  for (const file of candidates) {
    try {
      const bytes = readRegularFile(file)?.bytes;
      if (!bytes)
        throw new ImageBuilderError("dockerfileMissing", `The Dockerfile "${file}" is not a file. Choose another one.`);
      if (context.hashed && sha256(bytes) !== context.hashed.dockerfile) throw changedSinceTag(file);
      if (isUtf16Dockerfile(bytes)) throw utf16Failure(file);
      return { file, name: basename(file), bytes, text: bytes.toString("utf8") };
    } catch (error) {
      if (systemCodeOf(error) === "ENOENT" || systemCodeOf(error) === "ENOTDIR") continue;
      if (ImageBuilderError.is(error)) throw error;
      throw new ImageBuilderError("dockerfileMissing", `Can't read the Dockerfile "${file}": ${messageOf(error)}.`, {
        cause: error,
      });
    }
  }
  const [first = ""] = candidates;
  throw new ImageBuilderError(
    "dockerfileMissing",
    options.dockerfile
      ? `There is no Dockerfile at "${first}". Choose another one.`
      : `There is no Dockerfile in "${dirname(first)}". Create one, or choose a Dockerfile in another folder.`,
  );
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function utf16Failure(file: string): ImageBuilderError {
  const message = `The Dockerfile "${file}" is encoded in UTF-16, which builders can't read. Save it as UTF-8.`;
  return new ImageBuilderError("dockerfileInvalid", message, { location: { file, line: 1 } });
}
