import type { Upload } from "../context/review/upload";
import { SecretMask } from "../credentials/secretMask";
import { EntryRecorder } from "../context/files/reviewedEntries";
import { longestDockerfile } from "../dockerfile/parseDockerfile";
import { ImageBuilderError, messageOf } from "../base/errors";
import type { Operation } from "../operation/operation";
import { readDockerfile, type DockerfileSource } from "../context/files/dockerfileSource";
import { headerSecrets } from "../transport/daemonHeaders";
import { addressSecrets, warnOfDeclaredProxies, withEnvironment } from "./buildEnvironment";
import { manyFiles, type BuildJob, type EngineJob } from "./buildJob";
import { chooseBuilder, ignoredByBuildkit, refuseOptionsOfDocker } from "./chooseBuilder";
import { maskedCredentials, maskedOperation } from "./maskedOperation";
import { traceBases } from "./tracedBases";
import { everything, requestedOfContext, requestedPaths } from "../worker/requestedPaths";
import type { SessionAnswers, ThreadedBuild } from "../worker/threadedBuild";
import { folderOrders, namedUpload, prepareNamedContexts, refuseUnknownContexts } from "./namedContexts";

/**
 * Builds an image in the daemon, with BuildKit or the classic builder.
 *
 * @returns the `imageId`, or undefined if the result was exported and the daemon didn't keep it
 * @throws ImageBuilderError `dockerfileMissing`, `optionInvalid`, `buildFailed` with the Dockerfile's line,
 * `daemonLost`, or an error of reading the context
 */
export async function buildImage(job: EngineJob, operation: Operation): Promise<string | undefined> {
  const dockerfile = await readDockerfile(job.context, job.options);
  const builder = chooseBuilder(job.options, job.engineInfo);
  const { product, version } = job.engineInfo;
  const ignored = ignoredByBuildkit(job.options, job.engineInfo);
  if (builder === "classic" && job.options.builder !== "classic" && job.engineInfo.buildkit && ignored.length > 0) {
    operation.log.warn(
      `The BuildKit of ${product} ${version} ignores ${ignored.join(", ")}. The classic builder is used instead.`,
    );
  }
  if (builder === "classic")
    return buildMasked(job, dockerfile, builder, operation, (changes, masked) =>
      buildHere({ ...job, ...changes }, dockerfile, masked),
    );
  const bases = traceBases(job.client, dockerfile, job.options, operation);
  const built = buildMasked(job, dockerfile, builder, operation, (changes, masked, mask) =>
    buildInThread({ ...job, ...changes }, dockerfile, masked, mask),
  );
  return built.finally(() => bases);
}

/**
 * Builds an image in a BuildKit daemon that is not Docker's.
 *
 * @returns the digest of the manifest if the image was pushed, or undefined if the result was exported
 * @throws ImageBuilderError as `buildImage`, and `pushFailed`
 */
export async function buildOnBuildkit(job: BuildJob, operation: Operation): Promise<string | undefined> {
  refuseOptionsOfDocker(job.options, job.engineInfo);
  const dockerfile = await readDockerfile(job.context, job.options);
  return buildMasked(job, dockerfile, "buildkit", operation, (changes, masked, mask) =>
    buildInThread({ ...job, ...changes }, dockerfile, masked, mask),
  );
}

/** Runs a build whose log, progress, and errors contain no secret. */
async function buildMasked(
  job: BuildJob,
  dockerfile: DockerfileSource,
  builder: "buildkit" | "classic",
  operation: Operation,
  work: (
    changes: Pick<BuildJob, "options" | "credentials">,
    operation: Operation,
    mask: SecretMask,
  ) => Promise<string | undefined>,
): Promise<string | undefined> {
  refuseUnknownContexts(job, dockerfile);
  const { product, version } = job.engineInfo;
  if (dockerfile.text.length > longestDockerfile) {
    operation.log.warn(
      `${dockerfile.name} has more than ${longestDockerfile} characters. ` +
        "Its COPY sources and secrets aren't checked before the build.",
    );
  }
  operation.log.info(
    `Building ${job.imageNames.join(", ")} with ${product} ${version} (${builder}) at ${job.client.endpoint.address}.`,
  );
  const { environment = { proxies: {} } } = job;
  warnOfDeclaredProxies(dockerfile, environment, job.options, operation.log);
  const options = withEnvironment(job.options, environment, builder);
  const mask = new SecretMask([...addressSecrets(options), ...headerSecrets(job.client.endpoint.headers)]);
  const masked = maskedOperation(operation, mask);
  const changes = { options, credentials: maskedCredentials(job.credentials, mask) };
  try {
    return await work(changes, masked, mask);
  } catch (error) {
    const { explainBaseImage } = await import("./explainBaseImage");
    throw mask.withoutSecrets(await explainBaseImage(error, { ...job, ...changes }, masked));
  } finally {
    masked.flush();
  }
}

async function buildInThread(
  job: BuildJob,
  dockerfile: DockerfileSource,
  operation: Operation,
  mask: SecretMask,
): Promise<string | undefined> {
  const { context, options } = job;
  const named = await prepareNamedContexts(job, operation);
  const folders = folderOrders(job, dockerfile, named);
  const threaded = job.thread.begin(job, dockerfile, operation.log, {
    named: folders,
    layouts: named.layouts,
    isTraced: operation.trace !== undefined,
  });
  try {
    const upload = { context, dockerfile, builder: "buildkit" } as const;
    const isRequested = requestedPaths(dockerfile.text, options, context.root);
    await operation.confirmUpload?.({ ...upload, isRequested, review: (review) => threaded.review(review) });
    const uploadOf = (name: string | undefined) => namedUpload(upload, named, name, options);
    for (const folder of folders) {
      await operation.confirmUpload?.({
        ...uploadOf(folder.name),
        isRequested: requestedOfContext(folder, dockerfile.text, options),
        review: (review) => threaded.review(review, { folder: folder.name }),
      });
    }
    const confirmWhole: SessionAnswers["confirmWhole"] = async ({ path, folder }) => {
      const which = folder === undefined ? "the build context" : `the build context "${folder}"`;
      operation.log.warn(`The daemon requested "${path}" from ${which}, which the Dockerfile doesn't copy.`);
      if (!operation.confirmUpload) throw notNamed(path, which);
      await operation.confirmUpload({
        ...uploadOf(folder),
        isRequested: everything,
        review: (review) => threaded.review(review, { isWhole: true, folder }),
      });
    };
    const { buildWithBuildkit } = await import("./buildkit");
    return await buildWithBuildkit(job, dockerfile, threaded, { confirmWhole, named }, operation, mask);
  } finally {
    await traceSent(threaded, operation);
    threaded.close();
  }
}

/** Reports what was sent and offered. Without it, a report of the build lacks both. */
async function traceSent(threaded: ThreadedBuild, { trace, log, signal }: Operation): Promise<void> {
  if (!trace || signal.aborted) return;
  try {
    trace({ kind: "sent", ...(await threaded.sent()) });
    trace({ kind: "offered", folders: await threaded.offered() });
  } catch (error) {
    log.debug(`Can't find out what was sent (${messageOf(error)}).`);
  }
}

async function buildHere(
  job: EngineJob,
  dockerfile: DockerfileSource,
  operation: Operation,
): Promise<string | undefined> {
  const { context, engineInfo } = job;
  const recorder = new EntryRecorder();
  const review: Upload["review"] = async (options) => {
    const { reviewUpload } = await import("../context/review/reviewUpload");
    const entries = recorder.record(context.entries({ order: "tree", builder: "classic", signal: options.signal }));
    return reviewUpload({ entries, root: context.root, dockerfile, isRequested: everything }, options);
  };
  await operation.confirmUpload?.({
    context,
    dockerfile,
    builder: "classic",
    isRequested: everything,
    slowFrom: engineInfo.product === "docker" ? manyFiles : undefined,
    review,
  });
  const { buildWithClassic } = await import("./classic");
  return buildWithClassic(job, dockerfile, recorder.reviewed, operation);
}

function notNamed(path: string, which: string): ImageBuilderError {
  return new ImageBuilderError(
    "requestRefused",
    `The remote daemon requested "${path}" from ${which}, which the Dockerfile doesn't copy. It was not sent. ` +
      "If the base image copies it (ONBUILD), copy it in the Dockerfile too.",
  );
}
