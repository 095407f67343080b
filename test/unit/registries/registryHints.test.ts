import assert from "node:assert/strict";
import { ImageBuilderError, type ErrorCode } from "../../../src/core/base/errors";
import { RegistryClient } from "../../../src/core/distribution/registryClient";
import {
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

  const catalogs: readonly RegistryAnswer[] = [
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
  ];
  for (const [answer, code, message] of deletions) {
    it(`to a deletion decides whether it was deleted: ${answer.status} ${code}`, async () => {
      refuse({ delete: answer });
      await assert.rejects(client().deleteTag("team/app", "1"), fails(code, message));
    });
  }

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
    [page(404, "Not Found"), "registryUnsupported", /does not respond as a registry \(HTTP 404\)/],
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
