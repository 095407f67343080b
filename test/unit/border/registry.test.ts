import assert from "node:assert/strict";
import { checkCredentials } from "../../../src/core/distribution/checkCredentials";
import { RegistryClient } from "../../../src/core/distribution/registryClient";
import type { RegistryPlace } from "../../../src/core/distribution/registryConnection";
import { HttpClient } from "../../../src/core/http/httpClient";
import { assertPlain, hostileBodies, measured } from "../../support/hostileAnswers";
import { HostileServer, type HostileAnswer, type HostileRequest } from "../../support/hostileServer";
import { recordedAnswers } from "../../support/recordedAnswers";

const repository = "team/recorded";
const honest = new Map(recordedAnswers("registry").map((answer) => [answer.name, answer]));
const digest = `sha256:${"a".repeat(64)}`;

async function all<Item>(pages: AsyncIterable<readonly Item[]>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of pages) items.push(...page);
  return items;
}

/** All that is asked of a registry and of its token service. */
const questions: Readonly<Record<string, (client: RegistryClient) => Promise<unknown>>> = {
  "whether it answers": (client) => client.ping(),
  "its repositories": (client) => all(client.repositories()),
  "its tags": (client) => all(client.tags(repository)),
  "a manifest by tag": (client) => client.manifest(repository, "1.0"),
  "a manifest by digest": (client) => client.manifest(repository, digest),
  "a configuration": (client) =>
    client.imageConfig(repository, {
      kind: "image",
      digest,
      mediaType: "",
      annotations: {},
      sizeBytes: 0,
      layers: [],
      config: { digest, sizeBytes: 0, mediaType: "" },
    }),
  "a digest": (client) => client.digestOf(repository, "1.0"),
  "to delete a tag": (client) => client.deleteTag(repository, "1.0"),
  "whether one may push": (client) => client.checkMayPush(repository),
};

describe("a registry that answers wrongly", function () {
  this.timeout(60_000);
  let answer: (request: HostileRequest) => HostileAnswer;
  let server: HostileServer;
  before(async () => (server = await HostileServer.start((request) => answer(request))));
  after(() => server.stop());

  const http = new HttpClient({ env: {}, certificateFolders: [], timeoutMs: 2_000 });
  const place = (more: Partial<RegistryPlace> = {}): RegistryPlace => ({
    host: server.address,
    credentials: async () => undefined,
    http,
    ...more,
  });
  const whole = (body: unknown, headers: Readonly<Record<string, string>> = {}): HostileAnswer => ({
    kind: "whole",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  /** Is found to be a registry, and then answers so. */
  const answering = (given: HostileAnswer): void => void (answer = ({ url }) => (url === "/v2/" ? whole({}) : given));

  for (const [question, ask] of Object.entries(questions)) {
    it(`is understood or named in plain words when asked ${question}`, async () => {
      for (const [name, hostile] of Object.entries(hostileBodies)) {
        answer = ({ url }) => (url === "/v2/" && question !== "whether it answers" ? whole({}) : hostile);
        const { failure, ms, peakMiB } = await measured(() => ask(new RegistryClient(place())));
        if (failure !== undefined) assertPlain(failure, name);
        assert.ok(ms < 5_000, `${name}: ${Math.round(ms)} ms`);
        assert.ok(peakMiB < 96, `${name}: ${Math.round(peakMiB)} MiB`);
      }
    });
  }

  for (const login of ["a password", "an identity token"] as const) {
    it(`has a token service that is understood or named when shown ${login}`, async () => {
      const credentials =
        login === "a password"
          ? { username: "user", password: "p4ssw0rd-p4ssw0rd" }
          : { identityToken: "p4ssw0rd-p4ssw0rd" };
      for (const [name, hostile] of Object.entries(hostileBodies)) {
        answer = ({ url }) =>
          url.startsWith("/token")
            ? hostile
            : {
                kind: "whole",
                status: 401,
                headers: { "www-authenticate": `Bearer realm="http://${server.address}/token",service="x"` },
              };
        const { failure, ms, peakMiB } = await measured(() =>
          new RegistryClient(place({ credentials: async () => ({ credentials, source: "the test" }) })).ping(),
        );
        assertPlain(failure, name);
        assert.ok(!failure.message.includes("p4ssw0rd"));
        assert.ok(ms < 5_000 && peakMiB < 96, `${name}: ${Math.round(ms)} ms, ${Math.round(peakMiB)} MiB`);
      }
    });
  }

  const tokens: readonly (readonly [what: string, token: object, message: RegExp])[] = [
    [
      "a token with a line break",
      { token: "a\r\nHost: evil" },
      /token service .* did not return a valid token \("token" is invalid\)/,
    ],
    ["a token that is a number", { token: 7 }, /did not return a valid token \("token" is invalid\)/],
    ["a token of a million characters", { token: "a".repeat(1_000_000) }, /did not return a valid token/],
    [
      "a life that is no number",
      { token: "a", expires_in: "soon" },
      /did not return a valid token \("expires_in" is invalid\)/,
    ],
    ["no token", {}, /sent no token/],
    ["an empty one", { token: "", access_token: "" }, /sent no token/],
  ];
  for (const [what, token, message] of tokens) {
    it(`has a token service that hands out ${what}`, async () => {
      answer = ({ url }) =>
        url.startsWith("/token")
          ? whole(token)
          : {
              kind: "whole",
              status: 401,
              headers: { "www-authenticate": `Bearer realm="http://${server.address}/token"` },
            };
      const { failure } = await measured(() => new RegistryClient(place()).ping());
      assertPlain(failure, what);
      assert.match(failure.message, message);
    });
  }

  it("asks for its token again where its life is said to be without end", async () => {
    let [asked, now] = [0, Date.now()];
    const realNow = Date.now;
    answer = ({ url, headers }) => {
      if (url.startsWith("/token")) return (asked++, whole({ token: "good", expires_in: 1e300 }));
      return headers.authorization === "Bearer good"
        ? whole({})
        : {
            kind: "whole",
            status: 401,
            headers: { "www-authenticate": `Bearer realm="http://${server.address}/token"` },
          };
    };
    const client = new RegistryClient(place());
    await client.ping();
    try {
      Date.now = () => now;
      now += 25 * 60 * 60 * 1000;
      await client.ping();
    } finally {
      Date.now = realNow;
    }
    assert.equal(asked, 2);
  });

  it("refuses nothing but says so when a stored login cannot be sent", async () => {
    answer = () => ({
      kind: "whole",
      status: 401,
      headers: { "www-authenticate": `Bearer realm="http://${server.address}/token"` },
    });
    const { failure } = await measured(() =>
      new RegistryClient(
        place({ credentials: async () => ({ credentials: { registryToken: "a\nb" }, source: "the test" }) }),
      ).ping(),
    );
    assertPlain(failure, "a token with a line break");
    assert.match(failure.message, /login for 127\.0\.0\.1:\d+ contains a character that can't be sent/);
  });

  const lists: readonly (readonly [what: string, question: string, body: object, message: RegExp])[] = [
    [
      "repositories that are numbers",
      "its repositories",
      { repositories: [1, 2] },
      /did not return a valid list of repositories \("repositories\.0" is invalid\)/,
    ],
    [
      "repositories that are one text",
      "its repositories",
      { repositories: "a" },
      /did not return a valid list of repositories/,
    ],
    [
      "tags that are objects",
      "its tags",
      { tags: [{}] },
      /did not return a valid list of tags \("tags\.0" is invalid\)/,
    ],
    [
      "more tags than anybody reads",
      "its tags",
      { tags: Array.from({ length: 100_001 }, (_, at) => `t${at}`) },
      /lists more than 100,000 entries/,
    ],
    ["no list", "its tags", [], /did not return a valid list of tags/],
  ];
  for (const [what, question, body, message] of lists) {
    it(`lists ${what}`, async () => {
      answering(whole(body));
      const { failure } = await measured(async () => questions[question]?.(new RegistryClient(place())));
      assertPlain(failure, what);
      assert.match(failure.message, message);
    });
  }

  it("lists tags that cannot be, at times that cannot be: they are left out", async () => {
    const tags = ["1.0", "../../x", "a b", "", "x".repeat(200), "a\u001b[31m", "\ud800", "__proto__"];
    answering(
      whole({
        tags,
        manifest: {
          a: { tag: ["1.0"], timeUploadedMs: "9e99" },
          b: { tag: ["__proto__"], timeCreatedMs: "-1" },
          c: { tag: ["1.0"], timeUploadedMs: "NaN" },
        },
      }),
    );
    assert.deepEqual(await all(new RegistryClient(place()).tags(repository)), [{ name: "1.0" }, { name: "__proto__" }]);
  });

  const links: readonly (readonly [what: string, link: (page: number) => string, message: RegExp | undefined])[] = [
    ["no address", () => '<http://[>; rel="next"', /returned a next page that belongs to another list/],
    ["another list", () => '</v2/_catalog?n=1>; rel="next"', /returned a next page that belongs to another list/],
    ["another path of it", () => '</admin/shutdown>; rel="next"', /returned a next page that belongs to another list/],
    ["itself", () => `</v2/${repository}/tags/list?n=100>; rel="next"`, /keeps returning the same page of its list/],
    [
      "ever another page",
      (page) => `</v2/${repository}/tags/list?last=${page}>; rel="next"`,
      /has more than 1,000 pages in its list/,
    ],
    ["nothing", () => "rel=next", undefined],
  ];
  for (const [what, link, message] of links) {
    it(`links from a page to ${what}`, async () => {
      let page = 0;
      answer = ({ url }) => (url === "/v2/" ? whole({}) : whole({ tags: ["a"] }, { link: link(++page) }));
      const { failure } = await measured(() => all(new RegistryClient(place()).tags(repository)));
      if (!message) return assert.equal(failure, undefined);
      assertPlain(failure, what);
      assert.match(failure.message, message);
    });
  }

  it("links to another host, which is not asked", async () => {
    const other = await HostileServer.start(() => whole({ tags: ["stolen"] }));
    answer = ({ url }) =>
      url === "/v2/"
        ? whole({})
        : whole(
            { tags: [url.includes("last") ? "b" : "a"] },
            url.includes("last")
              ? {}
              : { link: `<http://${other.address}/v2/${repository}/tags/list?last=a>; rel="next"` },
          );
    assert.deepEqual(
      (await all(new RegistryClient(place()).tags(repository))).map(({ name }) => name),
      ["a", "b"],
    );
    assert.deepEqual(other.requests, []);
    await other.stop();
  });

  const redirects = ["http://[", "ftp://x/", "file:///etc/passwd", "javascript:alert(1)", "//", "http://\u0000"];
  it("redirects to what is no web address", async () => {
    for (const location of redirects) {
      answer = ({ url }) =>
        url === "/v2/"
          ? whole({})
          : { kind: "raw", bytes: `HTTP/1.1 302 Found\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n` };
      const { failure } = await measured(() => new RegistryClient(place()).manifest(repository, "1.0"));
      assertPlain(failure, location);
    }
  });

  it("begins an upload at what is no address, which is left alone", async () => {
    answer = ({ url }) =>
      url === "/v2/"
        ? whole({})
        : { kind: "raw", bytes: "HTTP/1.1 202 Accepted\r\nLocation: http://[\r\nContent-Length: 0\r\n\r\n" };
    await new RegistryClient(place()).checkMayPush(repository);
  });

  it("wants to be left alone for longer than anybody waits", async () => {
    answering({ kind: "whole", status: 429, headers: { "retry-after": "9".repeat(400) } });
    const { failure } = await measured(() => new RegistryClient(place()).manifest(repository, "1.0"));
    assertPlain(failure, "an endless wait");
    assert.match(failure.message, /limits the number of requests\. Wait, or log in/);
  });

  it("says why in words that are not more than a line", async () => {
    answering(
      whole({}) && {
        kind: "whole",
        status: 403,
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          errors: [null, { code: "DENIED", message: `a\n\u202e\u001b[31m${"b".repeat(10_000)}` }],
        }),
      },
    );
    const { failure } = await measured(() => new RegistryClient(place()).manifest(repository, "1.0"));
    assertPlain(failure, "words");
    assert.match(failure.message, /\(DENIED: a \[31mb+…\)/);
    assert.ok(failure.message.length < 600);
  });

  it("is described by a check of credentials, too", async () => {
    answer = () => hostileBodies["an error without an end"] as HostileAnswer;
    const check = await checkCredentials(place());
    assert.equal(check.outcome, "failed");
  });

  it("and one that answers as the real one did is read", async () => {
    answer = ({ method, url }) => {
      const found = honest.get(`${method} ${url}`) ?? honest.get(`${method} ${url.replace(/n=100$/, "n=2")}`);
      return found
        ? { kind: "whole", status: found.status, headers: found.headers, body: found.body }
        : { kind: "whole", status: 404 };
    };
    const client = new RegistryClient(place());
    const image = await client.manifest(repository, "1.0");
    assert.ok(image.kind === "image");
    assert.equal((await client.imageConfig(repository, image)).platform, "linux/amd64");
    const index = await client.manifest(repository, "all");
    assert.equal((await client.manifest(repository, index.digest)).digest, index.digest);
    assert.equal(await client.digestOf(repository, "1.0"), image.digest);
    assert.deepEqual((await all(client.repositories())).includes(repository), true);
  });
});
