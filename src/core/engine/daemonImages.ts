import type Docker from "dockerode";
import { readBody } from "../border/readBody";
import { ImageBuilderError } from "../base/errors";
import { imageNameProblem } from "../base/imageReference";
import { imagesSchema, removalsSchema } from "../transport/daemonAnswers";
import { answerOf, type AskDaemon, type Called, type DockerFor } from "./askDaemon";
import { daemonStatus, requestFailure } from "./requestFailure";

/** Name of an image that the daemon has. */
export interface LocalImage {
  readonly name: string;
  readonly imageId: string;
  readonly sizeBytes: number;
  readonly createdAt: Date;
}

/** In bytes: a daemon answers a change with nothing, or with a short list. */
const maxAnswerBytes = 4096;

/** Images that one daemon has. */
export class DaemonImages {
  constructor(
    private readonly docker: DockerFor,
    private readonly ask: AskDaemon,
  ) {}

  /** Returns the names of the daemon's images, the newest image first. */
  async list(signal: AbortSignal): Promise<LocalImage[]> {
    const images = await this.ask((docker) => docker.listImages(), "list of images", imagesSchema, signal);
    const named = images.flatMap(({ Id, RepoTags, Size = 0, Created = 0 }) =>
      (RepoTags ?? [])
        .filter((name) => imageNameProblem(name) === undefined)
        .map((name) => ({ name, imageId: Id, sizeBytes: Size, createdAt: new Date(Created * 1000) })),
    );
    return named.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  }

  /**
   * Gives an image of the daemon another name.
   *
   * @param tag default is `latest`
   * @throws ImageBuilderError `daemonFailed`, `daemonLost`; the signal's reason
   */
  async tag(image: string, repository: string, tag: string | undefined, signal: AbortSignal): Promise<void> {
    const called = this.docker(signal)
      .getImage(image)
      .tag({ repo: repository, tag: tag ?? "latest" });
    await done(called, `Can't tag the image as ${repository}:${tag ?? "latest"}`, signal);
  }

  /**
   * Removes a name of an image, and the image with its last name.
   *
   * @returns whether the image itself was deleted
   * @throws ImageBuilderError `daemonFailed`, with the remedy if a container uses the image; `daemonLost`; the signal's
   * reason
   */
  async remove(name: string, signal: AbortSignal): Promise<boolean> {
    const remove = (docker: Docker): Called => docker.getImage(name).remove();
    try {
      const removed = await this.ask(remove, "result of a removal", removalsSchema, signal);
      return removed.some(({ Deleted }) => typeof Deleted === "string");
    } catch (error) {
      throw removalFailure(name, error, signal);
    }
  }
}

function removalFailure(name: string, error: unknown, signal: AbortSignal): Error {
  const status = signal.aborted ? undefined : daemonStatus(error);
  if (status === 404)
    return new ImageBuilderError("daemonFailed", `The daemon has no image named ${name} any more.`, { cause: error });
  const failure = requestFailure("daemonFailed", `Can't remove ${name}`, error, signal);
  if (status !== 409 || !ImageBuilderError.is(failure)) return failure;
  return new ImageBuilderError("daemonFailed", `${failure.message} Remove the containers that use the image first.`, {
    cause: error,
  });
}

async function done(called: Called, what: string, signal: AbortSignal): Promise<void> {
  try {
    await readBody(await answerOf(called), maxAnswerBytes);
  } catch (error) {
    throw requestFailure("daemonFailed", what, error, signal);
  }
}
