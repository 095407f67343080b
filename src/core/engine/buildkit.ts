import { createHash, randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { SecretMask } from "../credentials/secretMask";
import { checkedImageId } from "../base/digest";
import { ImageBuilderError } from "../base/errors";
import type { Operation } from "../operation/operation";
import type { SessionAnswers, ThreadedBuild } from "../worker/threadedBuild";
import { buildFailure, buildRefusal } from "./buildFailure";
import type { DockerfileSource } from "../context/files/dockerfileSource";
import { platformsOf } from "../base/buildTargets";
import { buildQuery, type BuildJob } from "./buildJob";
import { prepareExport } from "./buildExport";
import { prepareSecrets, type ReadSecret } from "./buildSecrets";
import { prepareSshAgents } from "./buildSshAgents";
import { daemonAt } from "../transport/daemonAnswers";
import { failureIn, resultIn } from "../transport/daemonMessage";
import { isHere } from "../transport/endpoint";
import { requestFailure, type Query } from "./engineClient";
import { jsonLines } from "../transport/jsonLines";
import { NamedRegistries } from "../session/namedRegistries";
import { isOlder } from "../transport/probe";
import { BuildkitProgress } from "./progress/buildkitProgress";
import { SessionLogins, type LoginPolicy } from "../session/sessionLogins";
import { needsSolve, solveBuild } from "./solve";
import type { BuildkitBuild } from "./solveRequest";

/**
 * Builds by BuildKit: the daemon fetches the Dockerfile and what has changed in the context over a session.
 *
 * @param mask learns what the build's secrets are
 * @returns the `imageId`; nothing when the daemon has sent the result and not kept it
 */
export async function buildWithBuildkit(
  job: BuildJob,
  dockerfile: DockerfileSource,
  threaded: ThreadedBuild,
  confirmWhole: SessionAnswers["confirmWhole"],
  operation: Operation,
  mask: SecretMask,
): Promise<string | undefined> {
  const readSecret = await prepareSecrets(job, dockerfile, operation);
  const exported = await prepareExport(job, threaded, operation);
  await checkPlatforms(job, operation.signal);
  const agents = await prepareSshAgents(job, dockerfile, operation);
  const stop = new AbortController();
  const signal = AbortSignal.any([operation.signal, stop.signal]);
  const session = { id: randomUUID(), endpoint: job.client.endpoint, sharedKey: sharedKey(job.context.key), agentSockets: agents.sockets, exportTo: exported?.place };
  try {
    // The daemon waits five seconds for the session of a build, which a thread that still starts may take.
    await threaded.begun(signal);
    const logins = new SessionLogins(loginPolicy(job, dockerfile), { log: operation.log, signal });
    const opened = threaded.openSession(session, maskedReader(readSecret, mask), signal, { logins, confirmWhole }).catch((error: unknown) => {
      throw requestFailure("buildFailed", "BuildKit's session could not be opened", error, operation.signal);
    });
    // From here on neither waits for the other.
    const run = needsSolve(job.options) ? solveBuild : readBuild;
    const built = run({ job, dockerfile, sessionId: session.id, exporter: exported?.exporter }, { ...operation, signal });
    const imageId = await Promise.race([opened.then(() => threaded.sessionFailed()), built]);
    // A daemon that was refused something has made something else than was wanted.
    await threaded.checkSession();
    if (!imageId && !exported?.place) throw noResult();
    await exported?.finish();
    if (imageId) operation.report({ kind: "imageBuilt", imageId });
    return imageId;
  } catch (error) {
    operation.signal.throwIfAborted();
    // The daemon may be quicker to say that something failed on our side than the thread to say what.
    await threaded.checkSession();
    throw error;
  } finally {
    stop.abort();
    agents.close();
    await exported?.discard();
  }
}

function loginPolicy({ client, engineInfo, options, credentials, registryTokens }: BuildJob, dockerfile: DockerfileSource): LoginPolicy {
  return {
    named: NamedRegistries.ofBuild(dockerfile, options),
    credentials,
    tokens: registryTokens,
    isHere: isHere(client.endpoint),
    takesTokens: !isOlder(engineInfo.apiVersion, tokensApiVersion),
  };
}

/** Docker 20.10's, the first whose BuildKit asks for tokens. */
const tokensApiVersion = "1.41";

async function readBuild({ job, dockerfile, sessionId, exporter }: BuildkitBuild, operation: Operation): Promise<string | undefined> {
  const { cacheTo = [], buildArgs } = job.options;
  const query: Query = {
    ...buildQuery(job.imageNames, job.options),
    ...(cacheTo.length > 0 && { buildargs: { ...buildArgs, BUILDKIT_INLINE_CACHE: "1" } }),
    ...(exporter && { outputs: JSON.stringify([{ Type: exporter.type, Attrs: exporter.attributes }]) }),
    version: "2",
    remote: "client-session",
    session: sessionId,
    buildid: randomUUID(),
    dockerfile: dockerfile.name,
  };
  const stream = await job.client.build(query, undefined, operation.signal).catch((error: unknown) => {
    throw buildRefusal(error, dockerfile, operation.signal);
  });
  const progress = new BuildkitProgress(operation.report);
  let imageId: string | undefined;
  for await (const message of jsonLines(stream, operation)) {
    const failure = failureIn(message);
    if (failure !== undefined) throw buildFailure({ words: failure, step: progress.failed?.step, detail: progress.failed?.message, output: progress.failed?.output, dockerfile });
    if (message.id === "moby.buildkit.trace" && typeof message.aux === "string") progress.accept(message.aux);
    else if (message.id === "moby.image.id") imageId = checkedImageId(resultIn(message).ID, daemonAt(job.client.endpoint));
    else if (message.stream) operation.report({ kind: "message", text: message.stream.trimEnd() });
  }
  return imageId;
}

async function checkPlatforms({ client, engineInfo: { product, version }, options }: BuildJob, signal: AbortSignal): Promise<void> {
  const keepsAll = options.output && ["local", "tar"].includes(options.output.type);
  if (platformsOf(options).length < 2 || keepsAll || (await client.hasContainerdStore(signal))) return;
  throw new ImageBuilderError(
    "optionInvalid",
    `The image store of ${product} ${version} keeps one platform of an image: choose one, or switch the daemon to containerd's image store.`,
  );
}

/** Adds every secret that the daemon is given to a mask: a step may print it. */
function maskedReader(readSecret: ReadSecret, mask: SecretMask): ReadSecret {
  return async (id) => {
    const value = await readSecret(id);
    if (value) mask.add(value);
    return value;
  };
}

function noResult(): ImageBuilderError {
  return new ImageBuilderError("daemonLost", "The daemon ended the build without a result: see whether it is still running, then build again.");
}

/** The same for each build of a folder on this machine, so that the daemon asks only for what has changed. */
function sharedKey(contextKey: string): string {
  return createHash("sha256").update(`${hostname()}\0${contextKey}`).digest("hex");
}
