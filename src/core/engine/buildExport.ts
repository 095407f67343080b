import { stat } from "node:fs/promises";
import type { BuildOutput } from "../base/buildOptions";
import { ImageBuilderError, systemCodeOf } from "../base/errors";
import type { Operation } from "../operation/operation";
import type { BuildJob } from "./buildJob";
import { requestFailure } from "./requestFailure";
import { isOlder, type EngineIdentity } from "./probe";
import type { ThreadedBuild } from "../worker/threadedBuild";
import { exportFailure, type ExportPlace } from "../session/exportTarget";
import { FileExport } from "../session/fileExport";

/** Export of a build's result to a file or folder. */
export interface BuildExport {
  /** Destination of what the daemon sends over the session; undefined if the image is fetched after the build. */
  readonly place?: ExportPlace;
  /** Exporter that the daemon uses instead of the one that creates an image. */
  readonly exporter?: { readonly type: string; readonly attributes: Readonly<Record<string, string>> };
  /** Moves the result to its destination after the build has succeeded. */
  finish(): Promise<void>;
  /** Removes an incomplete result; does nothing after `finish`. */
  discard(): Promise<void>;
}

/** Minimum API versions in which `GET /images/get` writes an archive of a type. */
const savedSince = { docker: "1.32", oci: "1.44" } as const;

/**
 * Prepares to receive a build's result; returns undefined without `output`.
 *
 * @throws ImageBuilderError `exportFailed` if the destination exists and is of another kind, `optionInvalid` if the
 * daemon can't create the type
 */
export async function prepareExport(
  job: BuildJob,
  threaded: ThreadedBuild,
  { report, signal }: Operation,
): Promise<BuildExport | undefined> {
  const { output } = job.options;
  if (!output) return undefined;
  const { type, dest } = output;
  await checkPlace(output);
  const done = (): void => report({ kind: "message", text: `Exported to ${dest}.` });
  if ((type === "docker" || type === "oci") && !(await job.client.hasContainerdStore(signal))) {
    // Dockerd's own image store has no such exporter, so the image is built into the store and saved from there.
    refuseOlder(type, job.engineInfo);
    const target = new FileExport(dest);
    const finish = async (): Promise<void> => {
      await target.write(savedImages(job, signal));
      await target.commit();
      done();
    };
    return { finish, discard: () => target.discard() };
  }
  const attributes: Record<string, string> =
    type === "docker" || type === "oci" ? { name: job.imageNames.join(",") } : {};
  const finish = async (): Promise<void> => {
    await threaded.commitExport();
    done();
  };
  return {
    place: { kind: type === "local" ? "folder" : "file", dest },
    exporter: { type, attributes },
    finish,
    discard: () => threaded.discardExport(),
  };
}

/** Fetches the image as an archive. @throws ImageBuilderError `exportFailed` with the daemon's words, `daemonLost` */
async function* savedImages({ client, imageNames }: BuildJob, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    yield* (await client.saveImages?.(imageNames, signal)) ?? [];
  } catch (error) {
    throw requestFailure("exportFailed", "Can't get the image from the daemon", error, signal);
  }
}

async function checkPlace({ type, dest }: BuildOutput): Promise<void> {
  const found = await stat(dest).catch((error: unknown) => {
    if (systemCodeOf(error) !== "ENOENT") throw exportFailure(dest, error);
  });
  if (found && found.isDirectory() !== (type === "local"))
    throw exportFailure(dest, type === "local" ? "it is not a folder" : "it is a folder");
}

function refuseOlder(type: keyof typeof savedSince, { product, version, apiVersion }: EngineIdentity): void {
  if (!isOlder(apiVersion, savedSince[type])) return;
  throw new ImageBuilderError(
    "optionInvalid",
    `${product} ${version} can't export an archive of type "${type}". Choose "docker".`,
  );
}
