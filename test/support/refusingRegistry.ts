import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a registry is asked for. */
export type AskedFor = AskedOfImages | "ping" | "token" | "catalog" | "upload" | "putBlob" | "cancel";
type AskedOfImages = "tags" | "head" | "manifest" | "hasBlob" | "blob" | "putManifest" | "delete";

/** One request to the registry or its token service. */
export interface AskedRegistry {
  readonly kind: AskedFor;
  readonly method: string;
  readonly url: string;
  /** Whether a login was shown, or a token that was issued for one. */
  readonly isSignedIn: boolean;
  /** The registry's host and port. */
  readonly address: string;
  /** What it was shown. */
  readonly authorization: string | undefined;
}

/** An answer; an object is sent as JSON. */
export interface RegistryAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | object;
}

/** An error in the form of the Distribution API. */
export function registryError(status: number, code: string, message: string, more: object = {}): RegistryAnswer {
  return { status, body: { errors: [{ code, message, ...more }] } };
}

/** A page such as a proxy, a firewall or a sign-in service sends. */
export function page(status: number, title: string): RegistryAnswer {
  return {
    status,
    headers: { "content-type": "text/html; charset=utf-8" },
    body: `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`,
  };
}

const manifest = JSON.stringify({
  schemaVersion: 2,
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  config: {
    mediaType: "application/vnd.oci.image.config.v1+json",
    digest: `sha256:${createHash("sha256").update("{}").digest("hex")}`,
    size: 2,
  },
  layers: [],
});
const manifestDigest = `sha256:${createHash("sha256").update(manifest).digest("hex")}`;

/** The only login that the registry takes, unless a test sets another. */
export const goodLogin = { username: "robot", password: "r0b0t-s3cr3t+/&%=?" } as const;

/**
 * Speaks the Distribution API and Docker's token protocol over a real socket, for one image in every repository, and
 * refuses what a test says.
 */
export class RefusingRegistry {
  readonly asked: AskedRegistry[] = [];
  /** How it wants to be shown a login. */
  auth: "none" | "basic" | "token" = "none";
  login: { readonly username: string; readonly password: string } = goodLogin;
  /** Token that it issues for the login. */
  token = "token-for-somebody";
  /** Origin of its token service, if it is reached by another name than its address. */
  origin: string | undefined;
  /** What it answers instead; undefined does what was asked. */
  refuse: (asked: AskedRegistry) => RegistryAnswer | undefined = () => undefined;
  /** Of those that were uploaded, without the algorithm. */
  readonly #blobs = new Set<string>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((incoming, answer) => void this.#handle(incoming, answer));
  }

  static async start(): Promise<RefusingRegistry> {
    const registry = new RefusingRegistry();
    await once(registry.#server.listen(0, "127.0.0.1"), "listening");
    return registry;
  }

  /** Host and port. */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    // Who pushes is still sending.
    let bytes = 0;
    incoming.on("data", (chunk: Buffer) => (bytes += chunk.length)).on("error", () => undefined);
    await once(incoming, "end");
    const { method = "", url = "", headers } = incoming;
    const { authorization } = headers;
    const asked = {
      kind: kindOf(method, url),
      method,
      url,
      isSignedIn: this.#isSignedIn(authorization),
      address: this.address,
      authorization,
    };
    this.asked.push(asked);
    const told =
      this.#challenge(asked, authorization) ?? this.refuse(asked) ?? this.#answerTo(asked, { authorization, bytes });
    const { status, headers: ownHeaders, body = "" } = told;
    const isText = typeof body === "string";
    response
      .writeHead(status, { ...(!isText && { "content-type": "application/json" }), ...ownHeaders })
      .end(isText ? body : JSON.stringify(body));
  }

  #isSignedIn(authorization = ""): boolean {
    const { username, password } = this.login;
    const basic = Buffer.from(`${username}:${password}`).toString("base64");
    return authorization === `Basic ${basic}` || authorization === `Bearer ${this.token}`;
  }

  #answerTo(
    { kind, method, url, isSignedIn: isKnown }: AskedRegistry,
    { authorization, bytes }: { readonly authorization: string | undefined; readonly bytes: number },
  ): RegistryAnswer {
    const digest = /sha256(?::|%3A)([0-9a-f]{64})/.exec(url)?.[1] ?? "";
    if (kind === "hasBlob" && this.#blobs.has(digest)) return { status: 200, headers: { "content-length": "2" } };
    if (kind === "putBlob" && method === "PATCH")
      return { ...answers.upload, headers: { ...answers.upload.headers, range: `0-${bytes - 1}` } };
    if (kind === "putBlob") this.#blobs.add(digest);
    if (kind === "token" && isKnown) return { status: 200, body: { token: this.token } };
    if (kind !== "token") return answers[kind];
    return authorization === undefined
      ? { status: 200, body: { token: nobodysToken } }
      : { status: 401, body: { details: "incorrect username or password" } };
  }

  /** Nobody gets past it without a login, or a token with the right; a token for nobody shows only that all is well. */
  #challenge({ kind, method, url, isSignedIn: isKnown }: AskedRegistry, authorization: string | undefined) {
    if (this.auth === "none" || kind === "token" || isKnown) return undefined;
    const isNobody = authorization === `Bearer ${nobodysToken}`;
    if (kind === "ping" && isNobody) return undefined;
    const rights = method === "POST" || method === "PUT" ? "pull,push" : "pull";
    const scope = kind === "ping" ? "" : `,scope="repository:${repositoryIn(url)}:${rights}"`;
    const error = isNobody ? ',error="insufficient_scope"' : "";
    const challenge =
      this.auth === "basic"
        ? 'Basic realm="tests"'
        : `Bearer realm="${this.origin ?? `http://${this.address}`}/token",service="tests"${scope}${error}`;
    return {
      ...registryError(401, "UNAUTHORIZED", "authentication required"),
      headers: { "www-authenticate": challenge },
    };
  }
}

const nobodysToken = "nobodys-token";

function repositoryIn(url: string): string {
  return /^\/v2\/(.+)\/(?:manifests|blobs|tags)\//.exec(url)?.[1] ?? "";
}

function kindOf(method: string, url: string): AskedFor {
  const [path = ""] = url.split("?");
  if (path === "/token") return "token";
  if (path === "/v2/") return "ping";
  if (path === "/v2/_catalog") return "catalog";
  if (path.endsWith("/tags/list")) return "tags";
  if (/\/blobs\/uploads\/./.test(path)) return method === "DELETE" ? "cancel" : "putBlob";
  if (path.endsWith("/blobs/uploads/")) return "upload";
  if (path.includes("/blobs/")) return method === "HEAD" ? "hasBlob" : "blob";
  return method === "HEAD" ? "head" : method === "PUT" ? "putManifest" : method === "DELETE" ? "delete" : "manifest";
}

const manifestHeaders = {
  "content-type": "application/vnd.oci.image.manifest.v1+json",
  "docker-content-digest": manifestDigest,
};

const answers: Readonly<Record<Exclude<AskedFor, "token">, RegistryAnswer>> = {
  ping: { status: 200, headers: { "docker-distribution-api-version": "registry/2.0" }, body: {} },
  catalog: { status: 200, body: { repositories: ["team/app"] } },
  tags: { status: 200, body: { name: "team/app", tags: ["1"] } },
  head: { status: 200, headers: { ...manifestHeaders, "content-length": String(manifest.length) } },
  manifest: { status: 200, headers: manifestHeaders, body: manifest },
  hasBlob: { status: 404 },
  blob: { status: 200, headers: { "content-type": "application/octet-stream" }, body: "{}" },
  upload: { status: 202, headers: { location: "/v2/team/app/blobs/uploads/1", range: "0-0" } },
  putBlob: { status: 201 },
  cancel: { status: 204 },
  putManifest: { status: 201, headers: { "docker-content-digest": manifestDigest } },
  delete: { status: 202 },
};
