import { once } from "node:events";
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { EngineAccess } from "../../src/core/engine/engineAccess";
import { createEngineAccess } from "../../src/core/engine/engineAccess";
import { socketAddress, socketPlace } from "./socketPlace";

interface Login {
  readonly username?: string;
  readonly password?: string;
}

/**
 * The codes that Docker's daemon knows, each with the words that it doesn't repeat; it passes on any other as
 * "unknown".
 */
const knownCodes = new Map([
  ["UNKNOWN", "unknown error"],
  ["UNSUPPORTED", "The operation is unsupported."],
  ["UNAUTHORIZED", "authentication required"],
  ["DENIED", "requested access to the resource is denied"],
  ["UNAVAILABLE", "service unavailable"],
  ["TOOMANYREQUESTS", "too many requests"],
  ["DIGEST_INVALID", "provided digest did not match uploaded content"],
  ["SIZE_INVALID", "provided length did not match content length"],
  ["NAME_INVALID", "invalid repository name"],
  ["TAG_INVALID", "manifest tag did not match URI"],
  ["NAME_UNKNOWN", "repository name not known to registry"],
  ["MANIFEST_UNKNOWN", "manifest unknown"],
  ["MANIFEST_INVALID", "manifest invalid"],
  ["BLOB_UNKNOWN", "blob unknown to registry"],
  ["BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry"],
]);

/**
 * Pushes, pulls and starts classic builds as Docker's daemon does, as far as its registry is concerned: it asks the
 * registry over a real socket, and reports a refusal in Docker's words. It builds nothing.
 */
export class TransferDaemon {
  readonly engine: EngineAccess;
  readonly #server: Server;

  private constructor(path: string) {
    this.#server = createServer((request, answer) => void this.#answer(request, answer));
    this.#server.listen(path);
    this.engine = createEngineAccess({ dockerHost: socketAddress(path) });
  }

  static async start(): Promise<TransferDaemon> {
    const daemon = new TransferDaemon(socketPlace());
    await once(daemon.#server, "listening");
    return daemon;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #answer(request: IncomingMessage, answer: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "", "http://daemon");
    const path = url.pathname.replace(/^\/v[\d.]+/, "");
    answer.setHeader("Server", "Docker/28.0.0 (linux)").setHeader("Api-Version", "1.48");
    answer.setHeader("Builder-Version", "1");
    if (path === "/_ping") return void answer.end("OK");
    if (path === "/info") return void answer.end(JSON.stringify({ RegistryConfig: { IndexConfigs: {} } }));
    const body = await bytesOf(request);
    const push = /^\/images\/(.+)\/push$/.exec(path);
    if (push) return stream(answer, [await tried(() => pushTo(push[1] ?? "", loginIn(request)))]);
    if (path === "/images/create")
      return stream(answer, [await tried(() => pullFrom(pulledName(url.searchParams), loginIn(request)))]);
    if (path === "/build") {
      const base = /FROM ([^\s\0]+)/.exec(body.toString("latin1"))?.[1] ?? "";
      const logins = loginsIn(request);
      const failure = await tried(() => pullFrom(base, logins[base.split("/")[0] ?? ""]));
      return stream(answer, [{ stream: `Step 1/1 : FROM ${base}\n` }, failure]);
    }
    answer.writeHead(404).end(JSON.stringify({ message: "page not found" }));
  }
}

function stream(answer: ServerResponse, lines: readonly object[]): void {
  answer.setHeader("content-type", "application/json").end(lines.map((line) => `${JSON.stringify(line)}\r\n`).join(""));
}

async function tried(work: () => Promise<object>): Promise<object> {
  try {
    return await work();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { errorDetail: { message }, error: message };
  }
}

function pulledName(query: URLSearchParams): string {
  const [name = "", tag = ""] = [query.get("fromImage") ?? "", query.get("tag") ?? ""];
  return tag === "" ? name : `${name}${tag.includes(":") ? "@" : ":"}${tag}`;
}

async function pushTo(name: string, login: Login | undefined): Promise<object> {
  const [host = "", ...parts] = name.split("/");
  const repository = parts.join("/");
  const { status, statusText, headers } = await ask(host, `/v2/${repository}/blobs/uploads/`, "POST", login);
  if (status === 200) throw new Error(`received unexpected HTTP status: ${status} ${statusText}`);
  const { pathname, search } = new URL(headers.location ?? "", `http://${host}`);
  const digest = `digest=sha256:${"0".repeat(64)}`;
  await ask(host, `${pathname}${search}${search === "" ? "?" : "&"}${digest}`, "PUT", login);
  const pushed = await ask(host, `/v2/${repository}/manifests/1`, "PUT", login);
  if (pushed.status === 200) throw new Error(`received unexpected HTTP status: ${pushed.status} ${pushed.statusText}`);
  const { "docker-content-digest": Digest } = pushed.headers;
  if (Digest === undefined) throw new Error("the manifest has no digest");
  return { aux: { Tag: "1", Digest, Size: 2 } };
}

async function pullFrom(name: string, login: Login | undefined): Promise<object> {
  const [, host = "", repository = "", reference = ""] = /^([^/]+)\/([^@]+?)[:@]([^/]+)$/.exec(name) ?? [];
  const answer = await ask(host, `/v2/${repository}/manifests/${reference}`, "GET", login);
  jsonOf(answer, "error unmarshalling content");
  return { status: "Status: Downloaded" };
}

/** What a registry answered. */
interface Answer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** Sends as Go does: `fetch` fails where a proxy wants a login, and keeps connections that a test has ended. */
async function send(url: string | URL, method = "GET", authorization?: string): Promise<Answer> {
  const sent = request(url, { method, agent: false, headers: authorization === undefined ? {} : { authorization } });
  sent.end();
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  const body = (await bytesOf(answer)).toString();
  return { status: answer.statusCode ?? 0, statusText: answer.statusMessage ?? "", headers: answer.headers, body };
}

/** Follows as Go does: what is no question becomes one. */
async function followed(url: string | URL, method?: string, authorization?: string): Promise<Answer> {
  const answer = await send(url, method, authorization);
  const { location } = answer.headers;
  if (answer.status < 300 || answer.status >= 400 || location === undefined) return answer;
  return send(new URL(location, url), "GET", authorization);
}

/** Shows a login only where it is asked for one, and words a refusal as Go's client of registries does. */
async function ask(host: string, path: string, method: string, login: Login | undefined): Promise<Answer> {
  const first = await followed(`http://${host}${path}`, method);
  const challenge = first.headers["www-authenticate"] ?? "";
  if (first.status !== 401 || challenge === "") return checked(first);
  const basic = login && Buffer.from(`${login.username ?? ""}:${login.password ?? ""}`).toString("base64");
  if (challenge.startsWith("Basic") && basic === undefined) throw new Error("no basic auth credentials");
  const authorization = challenge.startsWith("Basic")
    ? `Basic ${basic ?? ""}`
    : `Bearer ${await tokenBy(challenge, basic)}`;
  return checked(await followed(`http://${host}${path}`, method, authorization));
}

async function tokenBy(challenge: string, basic: string | undefined): Promise<string> {
  const [realm = "", service = "", scope = ""] = ["realm", "service", "scope"].map(
    (name) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1],
  );
  const url = new URL(realm);
  url.searchParams.set("service", service);
  if (scope !== "") url.searchParams.set("scope", scope);
  const answer = checked(await followed(url, "GET", basic === undefined ? undefined : `Basic ${basic}`));
  const { token } = jsonOf(answer, "unable to decode token response") as { token?: string };
  if (token === undefined) throw new Error("authorization server did not include a token in the response");
  return token;
}

function jsonOf({ body }: Answer, failure: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new Error(`${failure}: invalid character '<' looking for beginning of value`);
  }
}

function checked(answer: Answer): Answer {
  const { status, statusText, body } = answer;
  if (status < 300) return answer;
  if (status >= 500) throw new Error(`received unexpected HTTP status: ${status} ${statusText}`);
  const errors = errorsIn(body);
  if (errors) throw new Error(errors);
  if (status === 401) throw new Error("unauthorized");
  throw new Error(
    `error parsing HTTP ${status} response body: invalid character '<' looking for beginning of ` +
      `value: ${JSON.stringify(body)}`,
  );
}

function errorsIn(body: string): string | undefined {
  try {
    const { errors = [], details } = JSON.parse(body) as {
      errors?: { code?: string; message?: string; detail?: unknown }[];
      details?: string;
    };
    if (errors.length === 0) return details && `unauthorized: ${details}`;
    return errors
      .map(({ code = "UNKNOWN", message = "", detail }) => {
        const known = knownCodes.has(code) ? code : "UNKNOWN";
        const words = known.toLowerCase().replaceAll("_", " ");
        return detail === undefined && message === knownCodes.get(known) ? words : `${words}: ${message}`;
      })
      .join("\n");
  } catch {
    return undefined;
  }
}

function loginIn({ headers }: IncomingMessage): Login | undefined {
  const login = decoded(String(headers["x-registry-auth"] ?? "")) as Login;
  return login.username === undefined ? undefined : login;
}

function loginsIn({ headers }: IncomingMessage): Readonly<Record<string, Login | undefined>> {
  return decoded(String(headers["x-registry-config"] ?? "")) as Record<string, Login>;
}

function decoded(header: string): object {
  return header === "" ? {} : (JSON.parse(Buffer.from(header, "base64url").toString()) as object);
}

async function bytesOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
