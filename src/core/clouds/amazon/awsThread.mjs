import "./smallFiles.mjs";
import { EventEmitter } from "node:events";
import http from "node:http";
import { Readable } from "node:stream";
import { parentPort, workerData } from "node:worker_threads";
import { fromIni } from "@aws-sdk/credential-provider-ini";
import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { externalDataInterceptor, getProfileName, parseKnownFiles } from "@smithy/core/config";
import { HttpResponse } from "@smithy/core/protocols";
import { NodeHttpHandler } from "@smithy/node-http-handler";

// AWS's own provider chain, in a thread that exists for one question: the chain reads the variables of its process,
// keeps every file that it has read, and writes to the console. It does no input or output with others itself: requests
// and programs are handed to the thread that asks, which bounds them and knows proxies and authorities.
// Plain JavaScript, since the thread would take longer to compile than to answer where the sources run as they are.

/** @typedef {import("./chainMessages").ErrandResult} ErrandResult */

/** @type {Map<number, (result: ErrandResult) => void>} */
const waiting = new Map();
let errands = 0;

/**
 * @param {Record<string, unknown>} errand
 * @returns {Promise<Exclude<ErrandResult, { readonly code: string }>>}
 */
function ask(errand) {
  const id = ++errands;
  return new Promise((resolve, reject) => {
    waiting.set(id, (result) =>
      "code" in result
        ? reject(Object.assign(new Error("The request has failed."), { code: result.code }))
        : resolve(result),
    );
    parentPort?.postMessage({ ...errand, id });
  });
}

/**
 * @param {string} url
 * @param {string} method
 * @param {unknown} headers
 * @param {string} [body]
 */
async function send(url, method, headers, body) {
  const result = await ask({ kind: "send", url, method, headers, body });
  if (!("status" in result)) throw new Error("The request has no answer.");
  return { statusCode: result.status, headers: { ...result.headers }, body: Readable.from([Buffer.from(result.body)]) };
}

/**
 * Asks as the services' clients and the container's provider do; that one makes its own handler and takes no other.
 *
 * @param {import("@smithy/core/protocols").HttpRequest} request
 */
async function handle(request) {
  const url = new URL(`${request.protocol}//${request.hostname}${request.port ? `:${request.port}` : ""}`);
  const [path = "/", written] = request.path.split("?");
  url.pathname = path;
  if (written !== undefined) url.search = written;
  for (const [name, value] of Object.entries(request.query ?? {}))
    for (const each of [value ?? ""].flat()) url.searchParams.append(name, each);
  const body = request.body === undefined ? undefined : Buffer.from(request.body).toString();
  return { response: new HttpResponse(await send(url.href, request.method, request.headers, body)) };
}

/** A request of the provider of the machine's credentials, which asks by Node's own function and sends nothing. */
class MachineRequest extends EventEmitter {
  /** @param {http.RequestOptions} options */
  constructor(options) {
    super();
    this.options = options;
  }

  end() {
    const { protocol = "http:", hostname = "", port, path = "/", method = "GET", headers = {} } = this.options;
    const host = hostname?.includes(":") ? `[${hostname}]` : hostname;
    send(`${protocol}//${host}${port ? `:${port}` : ""}${path}`, method, headers).then(
      ({ body, ...rest }) => this.emit("response", Object.assign(body, rest)),
      (error) => this.emit("error", error),
    );
  }

  destroy() {}
}

Object.assign(NodeHttpHandler.prototype, { handle });
Object.assign(http, { request: (/** @type {http.RequestOptions} */ options) => new MachineRequest(options) });

/**
 * Stands in for `child_process.exec`, which the chain takes from here.
 *
 * @param {string} command
 * @param {(error: unknown, output?: { readonly stdout: string }) => void} done
 */
function run(command, done) {
  ask({ kind: "run", command }).then(
    (result) => done(null, { stdout: "output" in result ? result.output : "" }),
    (error) => done(error),
  );
}

/**
 * Finds out from the configuration, not from an error's words, which sign-in has failed.
 *
 * @param {string} profile
 * @returns {Promise<import("./chainMessages").ChainEnd>}
 */
async function kindOf(profile) {
  const profiles = await parseKnownFiles({});
  const seen = new Set();
  let name = profile;
  for (;;) {
    seen.add(name);
    const source = profiles[name]?.["source_profile"];
    if (source === undefined || seen.has(source) || profiles[name]?.["mfa_serial"]) break;
    name = source;
  }
  const found = profiles[name];
  const has = (/** @type {string} */ key) => found?.[key] !== undefined;
  const of = !found
    ? "missing"
    : has("mfa_serial")
      ? "mfa"
      : has("sso_session") || has("sso_start_url")
        ? "sso"
        : has("login_session")
          ? "login"
          : has("credential_process")
            ? "process"
            : "other";
  return { kind: "failed", profile: name, of };
}

/**
 * @param {import("./chainMessages").ChainBeginning} beginning
 * @returns {Promise<import("./chainMessages").ChainEnd>}
 */
async function answer({ profile, region, files }) {
  for (const [file, text] of Object.entries(files)) externalDataInterceptor.interceptFile(file, text);
  externalDataInterceptor.interceptToken("exec", run);
  // One attempt each, whose time is bounded where it is made.
  const options = {
    ...(profile !== undefined && { profile }),
    maxRetries: 0,
    parentClientConfig: { region: async () => region },
  };
  try {
    // A profile that is named is asked alone: the whole chain would go on to the machine's own role.
    const provider = profile === undefined ? defaultProvider(options) : fromIni(options);
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = await provider();
    return { kind: "found", credentials: { accessKeyId, secretAccessKey, sessionToken, expiration } };
  } catch {
    // The message may quote a file or a program. The requesting thread knows about failures outside.
    return kindOf(getProfileName({ profile }));
  }
}

parentPort?.on("message", (/** @type {ErrandResult} */ result) => {
  waiting.get(result.id)?.(result);
  waiting.delete(result.id);
});
if (parentPort) void answer(workerData).then((end) => parentPort?.postMessage(end));
