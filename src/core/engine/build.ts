import type { BuildOptions } from "../base/buildOptions";
import type { Upload } from "../context/review/upload";
import { SecretMask } from "../credentials/secretMask";
import { EntryRecorder } from "../context/files/reviewedEntries";
import { longestDockerfile } from "../dockerfile/parseDockerfile";
import { ImageBuilderError } from "../base/errors";
import type { Operation } from "../operation/operation";
import { readDockerfile, type DockerfileSource } from "../context/files/dockerfileSource";
import { platformsOf } from "../base/buildTargets";
import { headerSecrets } from "../transport/daemonHeaders";
import { addressSecrets, warnOfDeclaredProxies, withEnvironment } from "./buildEnvironment";
import { manyFiles, type BuildJob } from "./buildJob";
import { maskedCredentials, maskedOperation } from "./maskedOperation";
import { isOlder, type EngineIdentity } from "./probe";
import { everything, requestedOfContext, requestedPaths } from "../worker/requestedPaths";
import type { SessionAnswers } from "../worker/threadedBuild";
import { folderOrders, namedUpload, prepareNamedContexts, refuseUnknownContexts } from "./namedContexts";

/** Options that BuildKit in dockerd ignores. */
const classicOnly = [
  "squash",
  "memoryBytes",
  "memorySwapBytes",
  "cpuShares",
  "cpuSetCpus",
  "isolation",
] as const satisfies readonly (keyof BuildOptions)[];

/** Options that BuildKit in dockerd supports from Docker 23 on. */
const newerOnly = ["shmSizeBytes", "ulimits"] as const satisfies readonly (keyof BuildOptions)[];
const newerApiVersion = "1.42";

/**
 * API version of Docker 19.03, the first daemon with BuildKit's own API: in Docker 18.09, BuildKit is only available
 * through `POST /build`.
 */
const buildkitApiVersion = "1.40";

/** Options that only BuildKit supports. */
const buildkitOnly = [
  "secrets",
  "ssh",
  "output",
  "cacheTo",
  "noCacheFilter",
  "buildContexts",
] as const satisfies readonly (keyof BuildOptions)[];

/**
 * Builds an image in the daemon, with BuildKit or the classic builder.
 *
 * @returns the `imageId`, or undefined if the result was exported and the daemon didn't keep it
 * @throws ImageBuilderError `dockerfileMissing`, `optionInvalid`, `buildFailed` with the Dockerfile's line,
 * `daemonLost`, or an error of reading the context
 */
export async function buildImage(job: BuildJob, operation: Operation): Promise<string | undefined> {
  const dockerfile = await readDockerfile(job.context, job.options);
  const builder = chooseBuilder(job.options, job.engineInfo);
  refuseUnknownContexts(job, dockerfile);
  const { product, version } = job.engineInfo;
  const ignored = ignoredByBuildkit(job.options, job.engineInfo);
  if (builder === "classic" && job.options.builder !== "classic" && job.engineInfo.buildkit && ignored.length > 0) {
    operation.log.warn(
      `The BuildKit of ${product} ${version} ignores ${ignored.join(", ")}. The classic builder is used instead.`,
    );
  }
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
  const masking: BuildJob = {
    ...job,
    options,
    credentials: maskedCredentials(job.credentials, mask),
  };
  try {
    return await (builder === "buildkit"
      ? buildInThread(masking, dockerfile, masked, mask)
      : buildHere(masking, dockerfile, masked));
  } catch (error) {
    const { explainBaseImage } = await import("./explainBaseImage");
    throw mask.withoutSecrets(await explainBaseImage(error, masking, masked));
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
  const threaded = job.thread.begin(job, dockerfile, operation.log, folders);
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
    threaded.close();
  }
}

async function buildHere(
  job: BuildJob,
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

/**
 * Chooses the daemon's builder for a build: the requested one, otherwise BuildKit if the daemon has it and it supports
 * all options.
 *
 * @throws ImageBuilderError `optionInvalid` if the requested builder is not available, or if no available builder
 * supports all options
 */
function chooseBuilder(options: BuildOptions, engineInfo: EngineIdentity): "buildkit" | "classic" {
  const hasBuildkit = engineInfo.buildkit && !isOlder(engineInfo.apiVersion, buildkitApiVersion);
  const engine = `${engineInfo.product} ${engineInfo.version}`;
  const ignored = ignoredByBuildkit(options, engineInfo);
  const needed: string[] = buildkitOnly.filter((name) => isSet(options[name]));
  if (platformsOf(options).length > 1) needed.push("multiple platforms");
  const wanted = options.builder ?? "auto";
  if (wanted === "buildkit" && !hasBuildkit)
    throw invalid(`${engine} has no BuildKit. Choose the builder "auto" or "classic"`);
  if (wanted === "buildkit" && ignored.length > 0)
    throw invalid(`BuildKit ignores ${ignored.join(", ")}. Remove the option, or choose the builder "classic"`);
  if (wanted === "buildkit" || (wanted === "auto" && hasBuildkit && ignored.length === 0)) return "buildkit";
  if (needed.length === 0) return "classic";
  if (wanted === "classic")
    throw invalid(
      `The classic builder doesn't support ${needed.join(", ")}. Remove the option, or choose the builder "auto"`,
    );
  if (!hasBuildkit)
    throw invalid(`${engine} has no BuildKit, which is required for ${needed.join(", ")}. Remove the option`);
  throw invalid(`No builder supports ${needed.join(", ")} together with ${ignored.join(", ")}. Remove one of them`);
}

function notNamed(path: string, which: string): ImageBuilderError {
  return new ImageBuilderError(
    "requestRefused",
    `The remote daemon requested "${path}" from ${which}, which the Dockerfile doesn't copy. It was not sent. ` +
      "If the base image copies it (ONBUILD), copy it in the Dockerfile too.",
  );
}

function ignoredByBuildkit(options: BuildOptions, { apiVersion }: EngineIdentity): string[] {
  const ignored = isOlder(apiVersion, newerApiVersion) ? [...classicOnly, ...newerOnly] : classicOnly;
  return ignored.filter((name) => isSet(options[name]));
}

function isSet(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
  return value !== undefined && value !== false;
}

function invalid(what: string): ImageBuilderError {
  return new ImageBuilderError("optionInvalid", `${what}.`);
}
