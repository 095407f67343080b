import assert from "node:assert/strict";
import { checkCredentials } from "../../../src/core/distribution/checkCredentials";
import { RegistryClient } from "../../../src/core/distribution/registryClient";
import type { RegistryPlace } from "../../../src/core/distribution/registryConnection";
import { HttpClient } from "../../../src/core/http/httpClient";
import { assertPlain, hostileBodies, measured } from "../../support/hostileAnswers";
import { HostileServer, type HostileAnswer, type HostileRequest } from "../../support/hostileServer";
import { recordedAnswers } from "../../support/recordedAnswers";
import { repository, all, questions } from "./registryQuestions";

const honest = new Map(recordedAnswers("registry").map((answer) => [answer.name, answer]));

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
