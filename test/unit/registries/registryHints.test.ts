import assert from "node:assert/strict";
import { ImageBuilderError, type ErrorCode } from "../../../src/core/base/errors";
import type { Credentials } from "../../../src/core/credentials/credentialSource";
import { RegistryClient } from "../../../src/core/distribution/registryClient";
import {
  goodLogin,
  page,
  RefusingRegistry,
  registryError,
  type AskedFor,
  type RegistryAnswer,
} from "../../support/refusingRegistry";

const digest = /^sha256:[0-9a-f]{64}$/;

describe("what a registry answers", () => {
  let registry: RefusingRegistry;
  beforeEach(async () => void (registry = await RefusingRegistry.start()));
  afterEach(() => registry.stop());

  const client = () => new RegistryClient({ host: registry.address, credentials: async () => undefined });
  const signedIn = (credentials: Credentials) =>
    new RegistryClient({ host: registry.address, credentials: async () => ({ credentials, source: "the test" }) });
  const refuse = (answers: Partial<Record<AskedFor, RegistryAnswer>>): void =>
    void (registry.refuse = ({ kind }) => answers[kind]);
  const fails = (code: ErrorCode, message: RegExp) => (error: unknown) => {
    assert.ok(ImageBuilderError.is(error, code), String(error));
    assert.match(error.message, message);
    return true;
  };
  const kinds = () => registry.asked.map(({ kind }) => kind);

  for (const status of [400, 401, 403, 404, 405, 406, 500, 501, 502, 503]) {
    it(`to HEAD is a hint: ${status} is followed by GET, which decides`, async () => {
      refuse({ head: { status } });
      assert.match((await client().digestOf("team/app", "1")) ?? "", digest);
      assert.ok(kinds().includes("manifest"));
    });
  }

  it("to HEAD without a digest is a hint, too", async () => {
    refuse({ head: { status: 200 } });
    assert.match((await client().digestOf("team/app", "1")) ?? "", digest);
  });

  it("is that a tag is absent only where GET says so", async () => {
    const absent = registryError(404, "MANIFEST_UNKNOWN", "manifest unknown");
    refuse({ head: absent, manifest: absent });
    assert.equal(await client().digestOf("team/app", "1"), undefined);
    refuse({ head: absent, manifest: registryError(403, "DENIED", "no") });
    await assert.rejects(client().digestOf("team/app", "1"), fails("registryDenied", /DENIED: no/));
  });

  it("to HEAD is not followed by GET where it is asked too often", async () => {
    refuse({ head: { status: 429, headers: { "retry-after": "30" } } });
    await assert.rejects(client().digestOf("team/app", "1"), fails("registryRateLimited", /Wait 30 s/));
    assert.ok(!kinds().includes("manifest"));
  });

  for (const answer of [{ status: 401 }, { status: 403 }, { status: 400 }, { status: 500 }, page(200, "Sign in")]) {
    it(`to the end of a tried upload is no failure: ${answer.status}`, async () => {
      refuse({ cancel: answer });
      await client().checkMayPush("team/app");
      assert.ok(kinds().includes("cancel"));
    });
  }

  it("to a push that it leads elsewhere is told with the place, without what may be a secret", async () => {
    refuse({ upload: { status: 302, headers: { location: "/login?from=s3cr3t" } } });
    await assert.rejects(client().checkMayPush("team/app"), (error) => {
      assert.ok(ImageBuilderError.is(error, "registryFailed"), String(error));
      assert.match(
        error.message,
        /redirects the request to push to "team\/app" to 127\.0\.0\.1:\d+\/login \(HTTP 302\)\. Check/,
      );
      assert.ok(!error.message.includes("s3cr3t"));
      return true;
    });
  });

  it("to a push that is no upload doesn't count as a right to push", async () => {
    refuse({ upload: page(200, "Sign in") });
    await assert.rejects(client().checkMayPush("team/app"), fails("registryRefused", /A web page answered .*Sign in/));
    refuse({ upload: { status: 200, body: {} } });
    await assert.rejects(client().checkMayPush("team/app"), fails("registryFailed", /does not say where to upload to/));
  });

  for (const kind of ["tags", "manifest", "catalog"] as const) {
    it(`to a question for its ${kind} by a web page is told so`, async () => {
      refuse({ [kind]: page(200, "Sign in") });
      const ask = { tags: () => client().tags("a").next(), manifest: () => client().manifest("a", "1") };
      const work = kind === "catalog" ? client().repositories().next() : ask[kind]();
      await assert.rejects(work, fails("registryRefused", /A web page answered .*\(HTTP 200: Sign in\)/));
    });
  }

  const catalogs: readonly RegistryAnswer[] = [
    registryError(401, "UNAUTHORIZED", "no"),
    { status: 410 },
    registryError(403, "DENIED", "no"),
    registryError(400, "UNSUPPORTED", "no catalog"),
    { status: 400 },
    { status: 404 },
    { status: 405 },
    { status: 501 },
  ];
  for (const answer of catalogs) {
    it(`to a question for its repositories is that it doesn't tell: ${answer.status}`, async () => {
      refuse({ catalog: answer });
      await assert.rejects(
        client().repositories().next(),
        fails("registryUnsupported", /does not list its repositories\. Enter a repository name/),
      );
    });
  }

  for (const [status, body] of [
    [401, registryError(401, "UNAUTHORIZED", "authentication required").body],
    [403, registryError(403, "DENIED", "access forbidden").body],
    [400, { error: "invalid_scope" }],
  ] as const) {
    it(`by its token service to a question for its repositories, ${status}, is that it doesn't tell`, async () => {
      registry.auth = "token";
      registry.refuse = ({ kind, url }) =>
        kind === "token" && url.includes("catalog") ? { status, body: body ?? {} } : undefined;
      await assert.rejects(
        signedIn(goodLogin).repositories().next(),
        fails("registryUnsupported", /does not list its repositories\. Enter a repository name/),
      );
    });
  }

  it("to a question for its repositories with a wrong login, or none that is wanted, is about the login", async () => {
    registry.auth = "token";
    refuse({ catalog: registryError(401, "UNAUTHORIZED", "no") });
    await assert.rejects(
      signedIn({ username: "robot", password: "wr0ng" }).repositories().next(),
      fails("registryUnauthorized", /rejected the credentials/),
    );
    registry.auth = "basic";
    await assert.rejects(client().repositories().next(), fails("registryUnauthorized", /none were found/));
  });

  it("to a question for lists may hold what is no name, which hides no other", async () => {
    refuse({ tags: { status: 200, body: { tags: [1, "2", null, {}, "3"] } } });
    assert.deepEqual((await client().tags("a").next()).value, [{ name: "3" }, { name: "2" }]);
    refuse({
      tags: {
        status: 200,
        body: { tags: ["1"], manifest: { "sha256:a": { tag: [null, "1"], timeUploadedMs: 1e12 } } },
      },
    });
    assert.deepEqual((await client().tags("a").next()).value, [{ name: "1", pushedAt: "2001-09-09T01:46:40.000Z" }]);
    refuse({ catalog: { status: 200, body: { repositories: [null, 7, "b"] } } });
    assert.deepEqual((await client().repositories().next()).value, ["b"]);
  });

  const deletions: readonly (readonly [answer: RegistryAnswer, code: ErrorCode, message: RegExp])[] = [
    [
      registryError(405, "UNSUPPORTED", "off"),
      "registryUnsupported",
      /can't delete the tag .*\(UNSUPPORTED: off\)\. Enable/,
    ],
    [registryError(405, "DENIED", "read-only", { is_readonly: true }), "registryRefused", /read-only at the moment/],
    [registryError(412, "PRECONDITION", "tag is immutable"), "registryRefused", /immutable or locked/],
    [page(200, "Welcome"), "registryRefused", /A web page answered the request to delete the tag .*Welcome/],
    [{ status: 302, headers: { location: "/login" } }, "registryFailed", /HTTP 302/],
    [registryError(404, "MANIFEST_UNKNOWN", "gone"), "registryNotFound", /"not found"/],
    [registryError(200, "DENIED", "no"), "registryDenied", /DENIED: no/],
    [
      { status: 202 },
      "registryFailed",
      /accepted the request to delete the tag "team\/app:1", but still has it\. Refresh/,
    ],
    [
      registryError(400, "DIGEST_INVALID", "no digest"),
      "registryUnsupported",
      /can't delete the tag "team\/app:1"\. Enable/,
    ],
    [
      registryError(400, "GOOGLE_MANIFEST_DANGLING_TAG", "Manifest is still referenced by tag: 1"),
      "registryRefused",
      /because something refers to it \(GOOGLE_MANIFEST_DANGLING_TAG: Manifest is still/,
    ],
    [
      { status: 405, headers: { allow: "GET, HEAD", "content-type": "text/plain" }, body: "Method not allowed" },
      "registryRefused",
      /read-only at the moment \(Method not allowed\)/,
    ],
  ];
  for (const [answer, code, message] of deletions) {
    it(`to a deletion decides whether it was deleted: ${answer.status} ${code}`, async () => {
      refuse({ delete: answer });
      await assert.rejects(client().deleteTag("team/app", "1"), fails(code, message));
    });
  }

  it("to a deletion is believed once the tag is gone, or can't be asked for any more", async () => {
    const absent = registryError(404, "MANIFEST_UNKNOWN", "manifest unknown");
    refuse({ head: absent, manifest: absent });
    await client().deleteTag("team/app", "1");
    refuse({ head: { status: 403 }, manifest: { status: 403 } });
    await client().deleteTag("team/app", "1");
  });

  it("to the deletion of an image by its digest tells why it is not possible", async () => {
    refuse({ delete: registryError(400, "GOOGLE_MANIFEST_DANGLING_TAG", "Manifest is still referenced by tag: 1") });
    await assert.rejects(
      client().deleteImage("team/app", `sha256:${"a".repeat(64)}`),
      fails("registryRefused", /Manifest is still referenced by tag: 1\)\. Delete the tags/),
    );
  });

  const pings: readonly (readonly [answer: RegistryAnswer, code: ErrorCode, message: RegExp])[] = [
    [
      page(200, "Sign in to Example"),
      "registryRefused",
      /A web page answered the request to connect .*Sign in to Example/,
    ],
    [page(403, "Blocked"), "registryRefused", /A web page answered the request to connect .*HTTP 403: Blocked/],
    [
      registryError(403, "DENIED", "client with IP '203.0.113.7' is not allowed access"),
      "registryRefused",
      /client with IP/,
    ],
    [{ status: 404 }, "registryUnsupported", /does not respond as a registry \(HTTP 404\)/],
    [page(404, "Not Found"), "registryUnsupported", /does not respond as a registry \(HTTP 404: Not Found\)/],
    [{ status: 503, headers: { "retry-after": "5" } }, "registryFailed", /is unavailable .*Wait 5 s/],
  ];
  for (const [answer, code, message] of pings) {
    it(`to the first question tells a registry from something else: ${answer.status} ${String(message)}`, async () => {
      refuse({ ping: answer });
      await assert.rejects(client().ping(), fails(code, message));
    });
  }

  it("by another host that it redirects to is told as that host's", async () => {
    const storage = await RefusingRegistry.start();
    const { address } = storage;
    refuse({ manifest: { status: 307, headers: { location: `http://${address}/signed` } } });
    const xml = "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>";
    storage.refuse = () => ({ status: 403, headers: { "content-type": "application/xml" }, body: xml });
    const asking = client();
    await assert.rejects(
      asking.manifest("team/app", "1"),
      fails(
        "registryFailed",
        new RegExp(`${address}, to which ${registry.address} redirects, .*HTTP 403 \\(AccessDenied: Request has`),
      ),
    );
    await storage.stop();
    await assert.rejects(
      asking.manifest("team/app", "1"),
      fails(
        "registryUnreachable",
        new RegExp(`Can't reach ${address}, to which ${registry.address} redirects: connection refused`),
      ),
    );
  });

  it("by its token service, or not at all, is told as that service's", async () => {
    registry.auth = "token";
    refuse({ token: registryError(503, "UNAVAILABLE", "maintenance") });
    await assert.rejects(
      client().manifest("team/app", "1"),
      fails("registryFailed", /The token service 127\.0\.0\.1:\d+ of 127\.0\.0\.1:\d+ is unavailable/),
    );
  });
});
