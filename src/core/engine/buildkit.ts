import { createHash, randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type { SecretMask } from "../credentials/secretMask";
import { ImageBuilderError } from "../base/errors";
import type { Operation } from "../operation/operation";
import type { SessionAnswers, ThreadedBuild } from "../worker/threadedBuild";
import { platformsOf } from "../base/buildTargets";
import type { DockerfileSource } from "../context/files/dockerfileSource";
import type { BuildJob } from "./buildJob";
import { prepareExport } from "./buildExport";
import { prepareSecrets, type ReadSecret } from "./buildSecrets";
import { prepareSshAgents } from "./buildSshAgents";
import { isHere } from "../transport/endpointAddress";
import { requestFailure } from "./requestFailure";
import type { NamedContexts } from "./namedContexts";
import { NamedRegistries } from "../session/namedRegistries";
import { isOlder } from "./probe";
import { SessionLogins, type LoginPolicy } from "../session/sessionLogins";
import { GrpcClient } from "../transport/grpcClient";
import { solveBuild, type BuildkitConnection } from "./solve";

/** Time that a failed build waits for its thread to notice a broken session, in milliseconds. */
const noticeMs = 300;

/**
 * Builds with BuildKit: the daemon fetches the Dockerfile and changed files of the context over a session.
 *
 * @param mask receives the values of the build's secrets
 * @returns the `imageId`, the digest of the manifest if BuildKit has pushed it, or undefined if the daemon has sent the
 * result and not kept it
 */
export async function buildWithBuildkit(
  job: BuildJob,
  dockerfile: DockerfileSource,
  threaded: ThreadedBuild,
  { confirmWhole, named }: Pick<SessionAnswers, "confirmWhole"> & { readonly named: NamedContexts },
  operation: Operation,
  mask: SecretMask,
): Promise<string | undefined> {
  const readSecret = withLogins(await prepareSecrets(job, dockerfile, operation), named);
  const exported = await prepareExport(job, threaded, operation);
  await checkPlatforms(job, operation.signal);
  const agents = await prepareSshAgents(job, dockerfile, operation);
  const stop = new AbortController();
  const signal = AbortSignal.any([operation.signal, stop.signal]);
  const session = {
    id: randomUUID(),
    endpoint: job.client.endpoint,
    sharedKey: sharedKey(job.context.key, named),
    agentSockets: agents.sockets,
    exportTo: exported?.place,
  };
  let opened: Promise<void> | undefined;
  try {
    // The daemon waits five seconds for the session of a build, and a thread that is still starting may take that long.
    await threaded.begun(signal);
    const logins = new SessionLogins(loginPolicy(job, dockerfile), { log: operation.log, signal });
    opened = threaded
      .openSession(session, maskedReader(readSecret, mask), signal, { logins, confirmWhole })
      .catch((error: unknown) => {
        throw requestFailure("buildFailed", "Can't open a BuildKit session", error, operation.signal);
      });
    const connect = async (): Promise<BuildkitConnection> => {
      if (job.client.openBuildkit) {
        const calls = new GrpcClient(await job.client.openBuildkit(signal));
        return { calls, close: () => calls.close() };
      }
      await opened;
      return { calls: threaded.buildkit(signal), close: () => undefined };
    };
    // From here on, the session and the build run concurrently.
    const built = solveBuild(
      {
        job,
        dockerfile,
        sessionId: session.id,
        exporter: exported?.exporter,
        contexts: named.attributes,
        inputs: named.inputs,
      },
      connect,
      { ...operation, signal },
    );
    const imageId = await Promise.race([opened.then(() => threaded.sessionFailed()), built]);
    // If a request of the daemon was refused, its result is not the requested one.
    await threaded.checkSession();
    if (!imageId && !exported?.place) throw noResult();
    await exported?.finish();
    if (imageId && !job.push) operation.report({ kind: "imageBuilt", imageId });
    return imageId;
  } catch (error) {
    operation.signal.throwIfAborted();
    // The daemon may report a failure on this side, or a lost connection, before the thread notices its cause.
    if (ImageBuilderError.is(error, "buildFailed"))
      await Promise.race([opened?.then(() => threaded.sessionFailed()), delay(noticeMs)]);
    await threaded.checkSession();
    throw error;
  } finally {
    stop.abort();
    agents.close();
    await exported?.discard();
  }
}

function loginPolicy(
  { client, engineInfo, imageNames, options, credentials, registryTokens, push }: BuildJob,
  dockerfile: DockerfileSource,
): LoginPolicy {
  return {
    named: NamedRegistries.ofBuild(dockerfile, options, push && imageNames),
    credentials,
    tokens: registryTokens,
    isHere: isHere(client.endpoint),
    takesTokens: !isOlder(engineInfo.apiVersion, tokensApiVersion),
  };
}

/** API version of Docker 20.10, the first whose BuildKit requests tokens. */
const tokensApiVersion = "1.41";

async function checkPlatforms(
  { client, engineInfo: { product, version }, options }: BuildJob,
  signal: AbortSignal,
): Promise<void> {
  const keepsAll = options.output && ["local", "tar"].includes(options.output.type);
  if (platformsOf(options).length < 2 || keepsAll || (await client.hasContainerdStore(signal))) return;
  throw new ImageBuilderError(
    "optionInvalid",
    `The image store of ${product} ${version} keeps only one platform per image. ` +
      "Choose one platform, or switch the daemon to the containerd image store.",
  );
}

function withLogins(readSecret: ReadSecret, { logins }: NamedContexts): ReadSecret {
  return async (id) => {
    const login = logins.get(id);
    return login === undefined ? readSecret(id) : Buffer.from(login);
  };
}

/** Adds every secret that the daemon receives to a mask, because a step may print it. */
function maskedReader(readSecret: ReadSecret, mask: SecretMask): ReadSecret {
  return async (id) => {
    const value = await readSecret(id);
    if (value) mask.add(value);
    return value;
  };
}

function noResult(): ImageBuilderError {
  return new ImageBuilderError(
    "daemonLost",
    "The daemon ended the build without a result. Check that it is still running, then build again.",
  );
}

/** Returns the same key for each build of a folder on this machine, so the daemon requests only what has changed. */
function sharedKey(contextKey: string, { folders }: NamedContexts): string {
  // BuildKit distinguishes named folders only by their names.
  const places = folders.map(({ name, context }) => `\0${name}\0${context.key}`);
  return createHash("sha256")
    .update(`${hostname()}\0${contextKey}${places.join("")}`)
    .digest("hex");
}
