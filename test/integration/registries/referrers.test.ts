import assert from "node:assert/strict";
import { RegistryClient } from "../../../src/core/distribution/registryClient";
import type { Referrers } from "../../../src/core/distribution/referrers";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { plainRegistry, uniqueName } from "../../support/engine";
import { FaultProxy, type FaultRule } from "../../support/faultProxy";
import { RegistryContent, type Descriptor } from "../../support/registryContent";

const indexType = "application/vnd.oci.image.index.v1+json";

describe("what refers to an image", function () {
  this.timeout(60_000);
  const path = `attached/${uniqueName()}`;
  let content: RegistryContent;
  let proxy: FaultProxy;
  let image: Descriptor;
  let signature: Descriptor & { readonly artifactType: string };

  before(async () => {
    content = new RegistryContent(plainRegistry());
    proxy = await FaultProxy.start(plainRegistry());
    image = await content.image(path, "1.0");
    signature = await attachment("application/vnd.cncf.notary.signature");
  });
  beforeEach(() => {
    proxy.setRules();
    proxy.requests.length = 0;
  });
  after(() => proxy.stop());

  const attachment = (artifactType: string) => content.attachment(path, image, artifactType);
  const indexOf = (manifests: readonly unknown[]) => ({ schemaVersion: 2, mediaType: indexType, manifests });
  const answers = (
    body: string,
    headers: Readonly<Record<string, string>> = {},
    where = /\/referrers\//,
  ): FaultRule => ({
    path: where,
    fault: { kind: "status", status: 200, body, headers: { "content-type": indexType, ...headers } },
  });

  async function listed(digest = image.digest): Promise<Referrers | undefined> {
    const client = new RegistryClient({ host: proxy.address, credentials: async () => undefined });
    let last: Referrers | undefined;
    for await (const so of client.referrers(path, digest)) last = so;
    return last;
  }

  it("is nothing where nobody has attached anything, and the registry has no list of it", async () => {
    assert.equal(await listed(), undefined);
    assert.deepEqual(
      proxy.requests.filter((request) => request.includes(path)),
      [`GET /v2/${path}/referrers/${image.digest}`, `GET /v2/${path}/manifests/${image.digest.replace(":", "-")}`],
    );
  });

  it("is in the index under the image's own tag, where the registry has no list of it", async () => {
    await content.listAttachments(path, image, [signature]);
    const found = await listed();
    assert.deepEqual(
      found?.entries.map(({ digest, artifactType }) => [digest, artifactType]),
      [[signature.digest, signature.artifactType]],
    );
    assert.equal((await listed(signature.digest))?.entries.length, undefined);
  });

  for (const status of [400, 401, 403, 404, 405, 406, 501]) {
    it(`is found by that tag, too, where the registry answers with ${status}`, async () => {
      proxy.setRules({ path: /\/referrers\//, fault: { kind: "status", status } });
      assert.equal((await listed())?.entries[0]?.digest, signature.digest);
    });
  }
  for (const [what, body, headers] of [
    ["a web page", "<!doctype html><title>Registry</title>", { "content-type": "text/html" }],
    ["something else in JSON", '{"name":"x","tags":["1"]}', { "content-type": "application/json" }],
    ["no text at all", "", {}],
  ] as const) {
    it(`is found by that tag, too, where the registry answers with ${what}`, async () => {
      proxy.setRules(answers(body, headers));
      assert.equal((await listed())?.entries[0]?.digest, signature.digest);
    });
  }

  it("is listed page by page, each entry once, and one that can't be read hides no other", async () => {
    const other = await attachment("application/spdx+json");
    const bundle = {
      ...(await attachment("application/vnd.dev.sigstore.bundle.v0.3+json")),
      annotations: { "dev.sigstore.bundle.predicateType": "https://slsa.dev/provenance/v1", odd: 5 },
    };
    const oddities = [null, "text", {}, { digest: "sha256:short" }, { digest: image.digest, size: "many" }, 7];
    proxy.setRules(
      answers(JSON.stringify(indexOf([bundle, signature])), {}, /\/referrers\/.*last=2/),
      answers(JSON.stringify(indexOf([signature, ...oddities, other])), {
        link: `</v2/${path}/referrers/${image.digest}?last=2>; rel="next"`,
      }),
    );
    const found = await listed();
    assert.deepEqual(
      found?.entries.map(({ digest, artifactType, statementType }) => [digest, artifactType, statementType]),
      [
        [signature.digest, signature.artifactType, undefined],
        [other.digest, "application/spdx+json", undefined],
        [bundle.digest, bundle.artifactType, "https://slsa.dev/provenance/v1"],
      ],
    );
    // The image itself is no attachment of itself, and can be read.
    assert.equal(found.unreadable, 5);
  });

  it("is listed up to a limit, however many pages there are", async () => {
    let pages = 0;
    const entries = (count: number) =>
      Array.from({ length: count }, (_, at) => ({ ...signature, digest: `sha256:${String(at).padStart(64, "0")}` }));
    proxy.setRules(answers(JSON.stringify(indexOf(entries(2_000)))));
    const many = await listed();
    assert.deepEqual([many?.entries.length, many?.hasMore], [1_000, true]);
    const rules = Array.from({ length: 60 }, (_, at): FaultRule =>
      answers(
        JSON.stringify(indexOf([])),
        { link: `</v2/${path}/referrers/${image.digest}?last=${at}>; rel="next"` },
        at === 0 ? /\/referrers\/[^?]*$/ : new RegExp(`/referrers/.*last=${at - 1}$`),
      ),
    );
    proxy.setRules(...rules);
    proxy.requests.length = 0;
    const endless = await listed();
    pages = proxy.requests.filter((request) => request.includes("/referrers/")).length;
    assert.deepEqual([endless?.entries.length, endless?.hasMore, pages], [0, true, 20]);
  });

  it("is said to be unknown where the registry is not well, in plain words", async () => {
    proxy.setRules({ path: /\/referrers\//, fault: { kind: "status", status: 500 } });
    await assert.rejects(listed(), (error) => {
      assert.ok(ImageBuilderError.is(error, "registryFailed"));
      assert.match(error.message, /internal error for the request to list what refers to "attached\/app-/);
      return true;
    });
  });
});
