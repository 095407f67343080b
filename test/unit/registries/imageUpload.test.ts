import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { ImageUpload } from "../../../src/core/distribution/imageUpload";

const { signal } = new AbortController();
const content = Buffer.alloc(20 * 1024 * 1024, "abcdefg");
const digest = `sha256:${createHash("sha256").update(content).digest("hex")}`;

/** What a registry refuses, of all that it could do. */
interface Habits {
  readonly has?: boolean;
  /** Its answer to HEAD. */
  readonly head?: number;
  readonly mounts?: boolean | number;
  readonly whole?: number;
  readonly asks?: boolean;
  readonly elsewhere?: () => string;
}

/** A registry in memory that keeps to the specification but for its habits. */
class OddRegistry {
  readonly requests: string[] = [];
  readonly blobs = new Map<string, Buffer>();
  readonly credentials: (string | undefined)[] = [];
  #upload = Buffer.alloc(0);

  constructor(private readonly habits: Habits) {}

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", headers } = request;
    const url = new URL(request.url ?? "", "http://x");
    this.requests.push(`${method} ${url.pathname.replace("/v2/team/app", "")}`);
    this.credentials.push(headers.authorization);
    if (this.habits.asks && headers.authorization === undefined)
      return void response.writeHead(401, { "www-authenticate": "Basic realm=x" }).end();
    if (url.pathname === "/v2/") return void response.end("{}");
    if (method === "HEAD") return void response.writeHead(this.habits.head ?? (this.habits.has ? 200 : 404)).end();
    if (method === "POST") return this.#begin(url, response);
    const bytes = await buffer(request);
    if (url.pathname.includes("/manifests/")) return void response.writeHead(201).end();
    if (method === "PATCH") {
      const range = `${this.#upload.length}-${this.#upload.length + bytes.length - 1}`;
      if (headers["content-range"] !== range) return void response.writeHead(416).end();
      this.#upload = Buffer.concat([this.#upload, bytes]);
      return void response.writeHead(202, { location: this.#location() }).end();
    }
    if (bytes.length > 0 && this.habits.whole !== undefined) return void response.writeHead(this.habits.whole).end();
    const all = Buffer.concat([this.#upload, bytes]);
    const found = `sha256:${createHash("sha256").update(all).digest("hex")}`;
    if (found !== url.searchParams.get("digest")) return void response.writeHead(400).end();
    this.blobs.set(found, all);
    response.writeHead(201).end();
  }

  #begin(url: URL, response: ServerResponse): void {
    this.#upload = Buffer.alloc(0);
    const { mounts } = this.habits;
    if (url.searchParams.has("mount") && typeof mounts === "number") return void response.writeHead(mounts).end();
    if (url.searchParams.has("mount") && mounts) return void response.writeHead(201).end();
    response.writeHead(202, { location: this.#location() }).end();
  }

  #location(): string {
    return `${this.habits.elsewhere?.() ?? ""}/v2/team/app/blobs/uploads/1?state=a%2Fb`;
  }
}

describe("the upload of a blob", function () {
  this.timeout(60_000);
  const servers: Server[] = [];
  after(() => servers.forEach((server) => void (server.closeAllConnections(), server.close())));

  async function serve(habits: Habits): Promise<{ registry: OddRegistry; host: string }> {
    const registry = new OddRegistry(habits);
    const server = createServer((request, response) => void registry.answer(request, response)).listen(0, "127.0.0.1");
    servers.push(server);
    await once(server, "listening");
    return { registry, host: `127.0.0.1:${(server.address() as AddressInfo).port}` };
  }

  function uploadTo(host: string): ImageUpload {
    const login = { credentials: { username: "u", password: "p" }, source: "the test" };
    return new ImageUpload({ host, credentials: () => Promise.resolve(login) }, "team/app", signal);
  }

  function blob(mountFrom?: string) {
    const counted = { opened: 0 };
    const open = (): AsyncIterable<Buffer> => {
      counted.opened++;
      return Readable.from([content.subarray(0, 100), content.subarray(100)]);
    };
    return { counted, blob: { digest, sizeBytes: content.length, open, mountFrom } };
  }

  const cases: readonly (readonly [name: string, habits: Habits, mountFrom: string | undefined, way: string])[] = [
    ["in one request", {}, undefined, "whole"],
    ["not at all where it is there", { has: true }, undefined, "exists"],
    ["in one request where HEAD is refused", { head: 403 }, undefined, "whole"],
    ["in one request where HEAD is not known", { head: 501 }, undefined, "whole"],
    ["by a mount", { mounts: true }, "team/base", "mounted"],
    ["in one request where a mount becomes an upload", { mounts: false }, "team/base", "whole"],
    ["in one request where a mount is refused", { mounts: 405 }, "team/base", "whole"],
    ["in one request where the other repository may not be read", { mounts: 403 }, "team/base", "whole"],
    ["in chunks where one request is refused as too large", { whole: 413 }, undefined, "chunked"],
    ["in chunks where one request is not understood", { whole: 405 }, undefined, "chunked"],
    ["with a login that is asked for", { asks: true }, undefined, "whole"],
  ];
  for (const [name, habits, mountFrom, way] of cases)
    it(`goes ${name}`, async () => {
      const { registry, host } = await serve(habits);
      const { blob: sent, counted } = blob(mountFrom);
      assert.equal(await uploadTo(host).blob(sent), way);
      const isSent = way === "whole" || way === "chunked";
      assert.equal(registry.blobs.get(digest)?.equals(content) ?? false, isSent);
      assert.equal(counted.opened > 0, isSent);
    });

  it("goes where the registry says, without the credentials", async () => {
    const other = await serve({});
    const { registry, host } = await serve({ asks: true, elsewhere: () => `http://${other.host}` });
    assert.equal(await uploadTo(host).blob(blob().blob), "whole");
    assert.ok(other.registry.blobs.has(digest));
    assert.deepEqual(new Set(other.registry.credentials), new Set([undefined]));
    assert.ok(registry.credentials.includes(`Basic ${Buffer.from("u:p").toString("base64")}`));
  });

  it("fails with the registry's refusal", async () => {
    const { host } = await serve({ whole: 507 });
    await assert.rejects(
      uploadTo(host).blob(blob().blob),
      (error) =>
        ImageBuilderError.is(error, "registryRefused") &&
        /can't push to "team\/app" because its storage or a quota is used up \(HTTP 507\)/.test(error.message),
    );
  });

  it("is followed by the manifest", async () => {
    const { registry, host } = await serve({});
    await uploadTo(host).manifest({ body: "{}", mediaType: "application/json", reference: "1" });
    assert.equal(registry.requests.at(-1), "PUT /manifests/1");
  });
});
