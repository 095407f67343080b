import { createPrivateKey, randomUUID, sign, X509Certificate, type KeyObject } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TokenService } from "../../scripts/engines/registry.mjs";
import type { Authority } from "./certificates";

const users: Readonly<Record<string, { readonly password: string; readonly may: readonly string[] }>> = {
  test: { password: "test", may: ["pull", "push", "delete", "*"] },
  reader: { password: "reader", may: ["pull"] },
};

/**
 * Which actions a login may have at a service, or nothing where it is wrong.
 *
 * @param service the registry's, of which one server serves several
 */
export type Accounts = (username: string, password: string, service: string) => readonly string[] | undefined;

/** `test` may do all, `reader` only pull. */
export const testAccounts: Accounts = (username, password) =>
  users[username]?.password === password ? users[username].may : undefined;

/** What was asked of the server. */
export interface TokenRequest {
  readonly method: string;
  readonly grant: string;
  readonly scope: string;
}

/**
 * Issues tokens for a registry by Docker's protocol: for a name and password, for an identity token (`refresh-<user>`,
 * and `-` with more if wanted), for nobody.
 */
export class TokenServer {
  readonly requests: TokenRequest[] = [];
  /** The addresses that were asked for, each with its query. */
  readonly asked: URL[] = [];
  /** How it names a token: as Docker's protocol, as OAuth, or both. */
  form: "token" | "access_token" | "both" = "both";
  /** The tokens. */
  readonly issued: string[] = [];
  /** Of the tokens; those of a negative life have expired when they are issued. */
  lifetimeSeconds = 300;
  /** Answers so instead, if set. */
  refusal: { readonly status: number; readonly body: object } | undefined;
  readonly #server: Server;
  readonly #key: KeyObject;
  readonly #certificate: string;

  private constructor(
    private readonly authority: Authority,
    private readonly accounts: Accounts,
  ) {
    const { cert, key } = authority.sign("tokens", "serverAuth");
    this.#key = createPrivateKey(readFileSync(key));
    this.#certificate = new X509Certificate(readFileSync(cert)).raw.toString("base64");
    this.#server = createServer((incoming, answer) => void this.#handle(incoming, answer));
  }

  static async start(authority: Authority, accounts = testAccounts): Promise<TokenServer> {
    const server = new TokenServer(authority, accounts);
    await once(server.#server.listen(0, "127.0.0.1"), "listening");
    return server;
  }

  /** Host and port. */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What a registry's configuration says of it. */
  get service(): TokenService {
    return this.serviceAt(`http://${this.address}/token`, "test-registry");
  }

  /** As `service`, for a registry that names it by another address. */
  serviceAt(realm: string, service: string): TokenService {
    return { realm, service, issuer: "test-issuer", rootcertbundle: this.authority.certificate };
  }

  /** A token for a registry itself. */
  issue(actions: readonly string[], scopes: readonly string[], service = "test-registry", subject = ""): string {
    const now = Math.floor(Date.now() / 1000);
    const access = scopes.map((scope) => {
      const [type, name, wanted = ""] = scope.split(":");
      return { type, name, actions: wanted.split(",").filter((action) => actions.includes(action)) };
    });
    const header = { alg: "ES256", typ: "JWT", x5c: [this.#certificate] };
    const claims = {
      iss: "test-issuer",
      sub: subject,
      aud: service,
      exp: now + this.lifetimeSeconds,
      nbf: now - 1000,
      iat: now - 1000,
      jti: randomUUID(),
      access,
    };
    const text = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
    const signature = sign("sha256", Buffer.from(text), { key: this.#key, dsaEncoding: "ieee-p1363" });
    const token = `${text}.${signature.toString("base64url")}`;
    this.issued.push(token);
    return token;
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
    const url = new URL(incoming.url ?? "", `http://${this.address}`);
    const query = url.searchParams;
    this.asked.push(url);
    const scopes = [...query.getAll("scope"), ...form.getAll("scope")]
      .flatMap((each) => each.split(" "))
      .filter(Boolean);
    this.requests.push({ method: incoming.method ?? "", grant: form.get("grant_type") ?? "", scope: scopes.join(" ") });
    const send = (status: number, value: object) =>
      answer.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    if (this.refusal) return void send(this.refusal.status, this.refusal.body);
    const service = query.get("service") ?? form.get("service") ?? "";
    const { subject, actions } = this.#account(incoming, form, service);
    if (!actions) return void send(401, { details: "incorrect username or password" });
    const token = this.issue(actions, scopes, service, subject);
    // Docker reads the first of a GET, and the second, which is OAuth's name for it, of a POST.
    const names = this.form === "both" ? ["token", "access_token"] : [this.form];
    send(200, {
      ...Object.fromEntries(names.map((name) => [name, token])),
      ...(this.form === "both" && { expires_in: Math.max(this.lifetimeSeconds, 1) }),
    });
  }

  /** Nobody may do nothing; a login that is wrong has no actions. */
  #account(
    { method, headers }: IncomingMessage,
    form: URLSearchParams,
    service: string,
  ): { readonly subject: string; readonly actions: readonly string[] | undefined } {
    if (method === "POST") {
      const user = /^refresh-(\w+)/.exec(form.get("refresh_token") ?? "")?.[1] ?? "";
      return { subject: user, actions: users[user]?.may };
    }
    if (headers.authorization === undefined) return { subject: "", actions: [] };
    const [, user = "", password = ""] =
      /^([^:]*):(.*)$/s.exec(Buffer.from(headers.authorization.replace(/^Basic /, ""), "base64").toString()) ?? [];
    return { subject: user, actions: this.accounts(user, password, service) };
  }
}
