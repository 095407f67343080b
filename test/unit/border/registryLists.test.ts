import assert from "node:assert/strict";
import { RegistryClient } from "../../../src/core/distribution/registryClient";
import type { RegistryPlace } from "../../../src/core/distribution/registryConnection";
import { HttpClient } from "../../../src/core/http/httpClient";
import { assertPlain, measured } from "../../support/hostileAnswers";
import { HostileServer, type HostileAnswer, type HostileRequest } from "../../support/hostileServer";
import { repository, all, questions } from "./registryQuestions";

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

  const lists: readonly (readonly [what: string, question: string, body: object, message: RegExp])[] = [
    [
      "repositories that are numbers",
      "its repositories",
      { repositories: [1, 2] },
      /did not return a valid list of repositories \("repositories" is invalid\)/,
    ],
    [
      "repositories that are one text",
      "its repositories",
      { repositories: "a" },
      /did not return a valid list of repositories/,
    ],
    ["tags that are objects", "its tags", { tags: [{}] }, /did not return a valid list of tags \("tags" is invalid\)/],
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
});
