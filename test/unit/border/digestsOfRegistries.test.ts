import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { ImageBuilderError } from "../../../src/core/base/errors";
import { RegistryClient } from "../../../src/core/distribution/registryClient";
import { assertPlain, measured } from "../../support/hostileAnswers";
import { HostileServer, type HostileAnswer } from "../../support/hostileServer";
import { sha256, a, b } from "./digestsSupport";

describe("what a registry sends", () => {
  let answer: (url: string) => HostileAnswer;
  let server: HostileServer;
  before(
    async () => (server = await HostileServer.start(({ url }) => (url === "/v2/" ? { kind: "whole" } : answer(url)))),
  );
  after(() => server.stop());
  const client = () => new RegistryClient({ host: server.address, credentials: async () => undefined });
  const failureOf = async (work: Promise<unknown>): Promise<ImageBuilderError> => {
    const { failure } = await measured(() => work);
    assertPlain(failure, "a digest");
    return failure;
  };

  const blob = (digest: unknown = a, size: unknown = 1) => ({
    mediaType: "application/vnd.oci.image.layer.v1.tar+gzip",
    digest,
    size,
  });
  const config = { ...blob(b), mediaType: "application/vnd.oci.image.config.v1+json" };
  const manifests: Readonly<Record<string, object>> = {
    "application/vnd.oci.image.manifest.v1+json": { schemaVersion: 2, config, layers: [blob()] },
    "application/vnd.docker.distribution.manifest.v2+json": { schemaVersion: 2, config, layers: [blob()] },
    "application/vnd.oci.image.index.v1+json": { schemaVersion: 2, manifests: [blob()] },
    "application/vnd.docker.distribution.manifest.list.v2+json": { schemaVersion: 2, manifests: [blob()] },
    "application/vnd.oci.artifact.manifest.v1+json": { blobs: [blob()] },
    "application/vnd.docker.distribution.manifest.v1+json": { schemaVersion: 1, fsLayers: [{ blobSum: a }] },
  };
  for (const [mediaType, content] of Object.entries(manifests)) {
    const body = JSON.stringify({ mediaType, ...content });
    it(`is a manifest of the type ${mediaType} with the digest that was asked for, or none`, async () => {
      answer = () => ({
        kind: "whole",
        headers: { "content-type": mediaType, "docker-content-digest": sha256(body) },
        body,
      });
      assert.equal((await client().manifest("app", sha256(body))).digest, sha256(body));
      assert.equal((await client().manifest("app", "1")).digest, sha256(body));
      answer = () => ({ kind: "whole", headers: { "content-type": mediaType }, body });
      const { code, message } = await failureOf(client().manifest("app", a));
      assert.equal(code, "registryFailed");
      assert.match(message, new RegExp(`The manifest of app@${a} from .* has the unexpected digest ${sha256(body)}`));
    });

    it(`is a manifest of the type ${mediaType} with the digest that the registry tells, or none`, async () => {
      for (const told of [a, "sha256:short", "x", `${sha256(body)}, ${sha256(body)}`]) {
        answer = () => ({ kind: "whole", headers: { "content-type": mediaType, "docker-content-digest": told }, body });
        const { code } = await failureOf(client().manifest("app", "1"));
        assert.equal(code, told === a ? "registryFailed" : "digestInvalid", told);
      }
      const sha512 = `sha512:${createHash("sha512").update(body).digest("hex")}`;
      answer = () => ({ kind: "whole", headers: { "content-type": mediaType, "docker-content-digest": sha512 }, body });
      assert.equal((await client().manifest("app", "1")).digest, sha256(body));
      assert.equal((await client().manifest("app", sha512)).digest, sha512);
    });
  }

  describe("in Docker's first schema, signed", () => {
    const mediaType = "application/vnd.docker.distribution.manifest.v1+prettyjws";
    const payload =
      `{\n   "schemaVersion": 1,\n   "name": "app",\n   "fsLayers": [\n      { "blobSum": "${a}" },\n` +
      `      { "blobSum": "${b}" }\n   ]\n}`;
    const formatLength = payload.length - 2;
    const signature = (part: object = { formatLength, formatTail: Buffer.from("\n}").toString("base64url") }) => ({
      header: {},
      signature: "c2ln",
      protected: Buffer.from(JSON.stringify(part)).toString("base64url"),
    });
    const signed = (more = "", ...signatures: object[]) =>
      `${payload.slice(0, formatLength)}${more},\n` +
      `   "signatures": ${JSON.stringify(signatures.length > 0 ? signatures : [signature()])}\n}`;
    const answering = (body: string, told?: string) =>
      (answer = () => ({
        kind: "whole",
        headers: { "content-type": mediaType, ...(told !== undefined && { "docker-content-digest": told }) },
        body,
      }));

    it("has the digest of what was signed", async () => {
      answering(signed(), sha256(payload));
      const manifest = await client().manifest("app", sha256(payload));
      assert.deepEqual(manifest, {
        kind: "legacy",
        digest: sha256(payload),
        mediaType,
        annotations: {},
        layers: [b, a],
      });
    });

    it("is believed nothing that was not signed", async () => {
      answering(signed(`,\n   "fsLayers": [{ "blobSum": "${sha256("evil")}" }]`), sha256(payload));
      const manifest = await client().manifest("app", sha256(payload));
      assert.deepEqual(manifest.kind === "legacy" && manifest.layers, [b, a]);
    });

    const wrong: Readonly<Record<string, string>> = {
      "no signature": payload.replace("app", "evil"),
      "signatures of different texts": signed("", signature(), signature({ formatLength: 3, formatTail: "" })),
      "a signature of more than there is": signed("", signature({ formatLength: 1e6, formatTail: "" })),
      "a signature of a negative length": signed("", signature({ formatLength: -5, formatTail: "" })),
      "a signature that is none": signed("", { protected: "%%%" }),
      "a changed text": signed().replace("app", "evil"),
      "a layer that has no digest": JSON.stringify({ schemaVersion: 1, fsLayers: [{ blobSum: "../x" }] }),
    };
    for (const [what, body] of Object.entries(wrong)) {
      it(`is refused with ${what}, whatever the registry tells of it`, async () => {
        answering(body, sha256(payload));
        assert.match((await failureOf(client().manifest("app", "1"))).code, /digestInvalid|registryFailed/);
        answering(body);
        assert.match((await failureOf(client().manifest("app", sha256(payload)))).code, /digestInvalid|registryFailed/);
      });
    }
  });

  const unusable: Readonly<Record<string, object>> = {
    "a layer's digest is none": { config, layers: [blob("sha256:../../x")] },
    "a configuration's digest is none": { config: { ...config, digest: "x" }, layers: [] },
    "there are more layers than an image has": { config, layers: Array.from({ length: 1_001 }, () => blob()) },
    "it is an image and an index at once": { config, layers: [blob()], manifests: [blob()] },
    "its layers are an object": { config, layers: {} },
  };
  for (const [what, content] of Object.entries(unusable)) {
    it(`is refused where ${what}`, async () => {
      const body = JSON.stringify(content);
      answer = () => ({
        kind: "whole",
        headers: { "content-type": "application/vnd.oci.image.manifest.v1+json" },
        body,
      });
      const { code, message } = await failureOf(client().manifest("app", sha256(body)));
      assert.equal(code, "registryFailed");
      assert.match(message, /^127\.0\.0\.1:\d+ did not return a valid manifest of app@/);
    });
  }

  const oddSizes = { "is negative": -1, "is not a number": "1", "is a fraction": 0.5, "is too large": 2 ** 60 };
  for (const [what, size] of Object.entries(oddSizes)) {
    it(`counts nothing for a layer whose size ${what}, and is read otherwise`, async () => {
      const body = JSON.stringify({ config, layers: [blob(a, size), blob(a, 7)] });
      answer = () => ({
        kind: "whole",
        headers: { "content-type": "application/vnd.oci.image.manifest.v1+json" },
        body,
      });
      const manifest = await client().manifest("app", sha256(body));
      assert.ok(manifest.kind === "image");
      assert.deepEqual(
        manifest.layers.map(({ sizeBytes }) => sizeBytes),
        [0, 7],
      );
    });
  }

  it("is an image's configuration with the digest that its manifest names, or none", async () => {
    const body = JSON.stringify({ os: "linux", architecture: "amd64" });
    const image = { kind: "image", digest: a, mediaType: "", annotations: {}, layers: [], sizeBytes: 0 } as const;
    answer = () => ({ kind: "whole", body });
    assert.equal(
      (await client().imageConfig("app", { ...image, config: { digest: sha256(body), sizeBytes: 1, mediaType: "" } }))
        .platform,
      "linux/amd64",
    );
    const { code, message } = await failureOf(
      client().imageConfig("app", { ...image, config: { digest: a, sizeBytes: 1, mediaType: "" } }),
    );
    assert.equal(code, "registryFailed");
    assert.match(message, new RegExp(`has the unexpected digest ${sha256(body)}`));
  });

  it("is a tag's digest, or none: it goes to the clipboard", async () => {
    for (const told of ["x", `${a}x`, a.toUpperCase(), "sha256:](command:x)"]) {
      answer = () => ({ kind: "whole", headers: { "docker-content-digest": told } });
      assert.equal((await failureOf(client().digestOf("app", "1"))).code, "digestInvalid", told);
    }
    answer = () => ({ kind: "whole", headers: { "docker-content-digest": a } });
    assert.equal(await client().digestOf("app", "1"), a);
  });
});
