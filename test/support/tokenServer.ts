import { createPrivateKey, randomUUID, sign, X509Certificate, type KeyObject } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Authority } from "./certificates";

/** Who may do what: `test` all, `reader` only pull. */
const users: Readonly<Record<string, { readonly password: string; readonly may: readonly string[] }>> = {
  test: { password: "test", may: ["pull", "push", "delete", "*"] },
  reader: { password: "reader", may: ["pull"] },
};

/** What was asked of the server. */
export interface TokenRequest {
  readonly method: string;
  readonly grant: string;
  readonly scope: string;
}

/** Issues tokens for a registry by Docker's protocol: for a name and password, for an identity token (`refresh-<user>`), for nobody. */
export class TokenServer {
  readonly requests: TokenRequest[] = [];
  /** Of the tokens; those of a negative life have expired when they are issued. */
  lifetimeSeconds = 300;
  /** Answers so instead, if set. */
  refusal: { readonly status: number; readonly body: object } | undefined;
  readonly #server: Server;
  readonly #key: KeyObject;
  readonly #certificate: string;

  private constructor(private readonly authority: Authority) {
    const { cert, key } = authority.sign("tokens", "serverAuth");
    this.#key = createPrivateKey(readFileSync(key));
    this.#certificate = new X509Certificate(readFileSync(cert)).raw.toString("base64");
    this.#server = createServer((incoming, answer) => void this.#handle(incoming, answer));
  }

  static async start(authority: Authority): Promise<TokenServer> {
    const server = new TokenServer(authority);
    await once(server.#server.listen(0, "127.0.0.1"), "listening");
    return server;
  }

  /** What the registry's configuration says of it. */
  get service(): { realm: string; service: string; issuer: string; rootcertbundle: string } {
    const { port } = this.#server.address() as AddressInfo;
    return { realm: `http://127.0.0.1:${port}/token`, service: "test-registry", issuer: "test-issuer", rootcertbundle: this.authority.certificate };
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #handle(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    let body = "";
    for await (const chunk of incoming.setEncoding("utf8") as AsyncIterable<string>) body += chunk;
    const form = new URLSearchParams(body);
    const query = new URL(incoming.url ?? "", "http://tokens").searchParams;
    const scopes = [...query.getAll("scope"), ...form.getAll("scope")].flatMap((each) => each.split(" ")).filter(Boolean);
    this.requests.push({ method: incoming.method ?? "", grant: form.get("grant_type") ?? "", scope: scopes.join(" ") });
    const send = (status: number, value: object) => answer.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    if (this.refusal) return void send(this.refusal.status, this.refusal.body);
    const user = incoming.method === "POST" ? /^refresh-(.+)$/.exec(form.get("refresh_token") ?? "")?.[1] : userOf(incoming.headers.authorization);
    if (user === false || (incoming.method === "POST" && user === undefined)) return void send(401, { details: "incorrect username or password" });
    send(200, { token: this.#token(user, scopes), expires_in: Math.max(this.lifetimeSeconds, 1) });
  }

  #token(user: string | undefined, scopes: readonly string[]): string {
    const now = Math.floor(Date.now() / 1000);
    const access = scopes.flatMap((scope) => {
      const [type, name, actions = ""] = scope.split(":");
      const may = user === undefined ? [] : (users[user]?.may ?? []);
      return [{ type, name, actions: actions.split(",").filter((action) => may.includes(action)) }];
    });
    const header = { alg: "ES256", typ: "JWT", x5c: [this.#certificate] };
    const claims = { iss: "test-issuer", sub: user ?? "", aud: "test-registry", exp: now + this.lifetimeSeconds, nbf: now - 1000, iat: now - 1000, jti: randomUUID(), access };
    const text = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
    return `${text}.${sign("sha256", Buffer.from(text), { key: this.#key, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
  }
}

/** Nothing for nobody, false for a wrong password. */
function userOf(authorization: string | undefined): string | undefined | false {
  if (authorization === undefined) return undefined;
  const [name = "", password] = Buffer.from(authorization.replace(/^Basic /, ""), "base64").toString().split(":");
  return users[name] && users[name].password === password ? name : false;
}
