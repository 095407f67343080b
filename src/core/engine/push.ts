import type { Credentials } from "../credentials/credentialSource";
import { checkedDigest } from "../base/digest";
import { ImageBuilderError, messageOf } from "../base/errors";
import { imageNameProblem, parseImageReference } from "../base/imageReference";
import type { Operation } from "../operation/operation";
import { daemonAt } from "../transport/daemonAnswers";
import { failureIn, resultIn, type DaemonMessage } from "../transport/daemonMessage";
import { daemonStatus, daemonWords, requestFailure, type EngineClient } from "./engineClient";
import { jsonLines } from "../transport/jsonLines";
import { layerEvent } from "./progress/layerState";
import { type WordTest } from "../base/wordsInOrder";

const rateLimit = /\b429\b|toomanyrequests|too many requests/i;

/** Matches the response of a proxy in place of the registry, and failures of the proxy connection. */
const proxyWords: WordTest = {
  test: (words) => {
    const answer =
      /": (?:Bad Gateway|Forbidden|Service Unavailable|Gateway Timeout|Proxy Authentication Required)\.?$/i.exec(words);
    const address = answer ? words.slice(words.lastIndexOf(" ", answer.index) + 1, answer.index) : "";
    return /proxyconnect/i.test(words) || /https:\/\//i.test(address);
  },
};

const remedies: readonly (readonly [words: WordTest, remedy: string])[] = [
  [
    /no basic auth credentials/i,
    "No credentials were found for the registry. Log in to it, or set its password in the Registries view.",
  ],
  // Go programs report a proxy's refusal without its status code.
  [proxyWords, "The daemon's proxy blocked the request. Check HTTPS_PROXY and NO_PROXY in the daemon's settings."],
  [rateLimit, "The registry limits the number of requests. Wait, or log in."],
  [
    /unauthorized|incorrect username or password|invalid_token/i,
    "The registry rejected the credentials. " +
      "Check that the user name and the password or token are correct and still valid.",
  ],
  [
    /insufficient_scope|denied|forbidden/i,
    "The account isn't allowed to push there. " +
      "Check that the repository name is correct and that the account has write access.",
  ],
  [/does not exist locally|tag does not exist|no such image/i, "The daemon has no image by that name. Build it first."],
  [
    /x509|certificate/i,
    "The daemon doesn't trust the registry's certificate. " +
      "On the daemon's machine, save its CA certificate as /etc/docker/certs.d/<registry>/ca.crt.",
  ],
  [
    /server gave HTTP response to HTTPS client/i,
    "The registry uses plain HTTP. Add it to insecure-registries in the daemon's settings.",
  ],
  [/no space left on device|\b507\b/i, "The disk of the registry or of the daemon is full. Free up space on it."],
  [
    /\b413\b|entity too large/i,
    "The registry, or a proxy in front of it, doesn't accept layers of this size. " +
      "Make the layers smaller, or raise its limit.",
  ],
  [
    /\b50[0-9]\b|internal server error|unknown error/i,
    "The registry reported a server error, for example because its disk is full. Check its log, or try again later.",
  ],
  [
    /connection refused|no such host|i\/o timeout|EOF|connection reset|broken pipe/i,
    "The daemon couldn't reach the registry or its token service. " +
      "Check that they are running and that the address is correct.",
  ],
];

/**
 * Pushes one tag and determines its digest: from the stream, otherwise from the registry through the daemon, or from
 * the daemon itself.
 *
 * @param imageName full name; the default tag is `latest`
 * @returns the `repoDigest`, `name@sha256:…`
 * @throws ImageBuilderError `pushFailed` with the registry's own words, `pushNoDigest`, `digestInvalid`, `daemonLost`
 */
export async function pushImage(
  client: EngineClient,
  imageName: string,
  credentials: Credentials | undefined,
  operation: Operation,
): Promise<string> {
  const { name, tag = "latest" } = parseImageReference(imageName);
  operation.report({ kind: "pushStarted", imageName });
  const stream = await client.push(name, tag, credentials, operation.signal).catch((error: unknown) => {
    throw daemonStatus(error) === undefined || operation.signal.aborted
      ? requestFailure("pushFailed", `Can't push ${imageName}`, error, operation.signal)
      : pushFailure(imageName, daemonWords(error));
  });

  let digest: string | undefined;
  for await (const message of jsonLines(stream, operation)) {
    const failure = failureIn(message);
    if (failure !== undefined) throw pushFailure(imageName, failure.trim());
    digest = digestIn(message) ?? digest;
    const layer = layerEvent(message);
    if (layer) operation.report(layer);
    else if (message.status && digestIn(message) === undefined)
      operation.report({ kind: "message", text: message.status });
  }

  digest ??= await askDigest(client, name, `${name}:${tag}`, credentials, operation);
  const repoDigest = `${name}@${checkedDigest(digest, daemonAt(client.endpoint))}`;
  operation.report({ kind: "pushed", imageName, repoDigest });
  return repoDigest;
}

/**
 * Returns the digest in a message, if any. Docker sends it in `aux`; its containerd image store and Podman only in the
 * status line `1.0: digest: sha256:… size: 528`.
 */
function digestIn(message: DaemonMessage): string | undefined {
  const { Digest } = resultIn(message);
  if (Digest !== undefined) return Digest;
  const text = message.status ?? message.stream;
  return text === undefined ? undefined : /^\S+: digest: (sha256:[0-9a-f]{64}) size: \d+/.exec(text.trim())?.[1];
}

/**
 * Whether a digest belongs to a name. The daemon omits `docker.io` and `library` in names, and sends `<none>@<none>` if
 * it knows none.
 */
function isOf(name: string, repoDigest: string): boolean {
  if (imageNameProblem(repoDigest) !== undefined) return false;
  const [wanted, found] = [parseImageReference(name), parseImageReference(repoDigest)];
  return wanted.host === found.host && wanted.path === found.path;
}

async function askDigest(
  client: EngineClient,
  name: string,
  tagged: string,
  credentials: Credentials | undefined,
  operation: Operation,
): Promise<string> {
  const causes: unknown[] = [];
  const answers = [
    () => client.registryDigest(tagged, credentials, operation.signal),
    async () =>
      (await client.repoDigests(tagged, operation.signal)).find((repoDigest) => isOf(name, repoDigest))?.split("@")[1],
  ];
  for (const answer of answers) {
    operation.signal.throwIfAborted();
    try {
      const digest = await answer();
      if (digest) return checkedDigest(digest, daemonAt(client.endpoint));
    } catch (error) {
      causes.push(error);
    }
  }
  throw new ImageBuilderError(
    "pushNoDigest",
    `${tagged} was pushed, but neither the daemon nor the registry reported its digest. ` +
      "Look up the digest in the registry.",
    { cause: new AggregateError(causes) },
  );
}

/**
 * Returns the error for a push that the daemon or the registry refused; its cause contains only their words.
 *
 * @param remedy default is derived from the words
 */
export function pushFailure(
  imageName: string,
  words: string,
  remedy = remedies.find(([pattern]) => pattern.test(words))?.[1],
): ImageBuilderError {
  const sentence = /[.!?]$/.test(words) ? words : `${words}.`;
  return new ImageBuilderError("pushFailed", `Can't push ${imageName}: ${sentence}${remedy ? ` ${remedy}` : ""}`, {
    cause: new Error(words),
  });
}

/** Whether a push failed because of the registry's rate limit. */
export function isRateLimited(error: unknown): error is ImageBuilderError {
  return ImageBuilderError.is(error, "pushFailed") && rateLimit.test(messageOf(error.cause ?? error));
}
