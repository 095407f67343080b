import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as z from "zod";
import { buildAndPush } from "../../../src/core/jobs/buildAndPush";
import { checkedDigest, checkedImageId, isDigest } from "../../../src/core/base/digest";
import { createEngineAccess } from "../../../src/core/engine/engineAccess";
import type { ProgressEvent } from "../../../src/core/operation/progressEvent";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { FlavorRegistry } from "../../../src/core/flavors/flavorRegistry";
import { existenceOf } from "../../../src/core/jobs/ensureImage";
import { Image } from "../../../src/core/image/image";
import { ExistenceMemory } from "../../../src/core/jobs/existenceMemory";
import { checkedRepoDigest, imageNameProblem } from "../../../src/core/base/imageReference";
import { RegistryClient } from "../../../src/core/distribution/registryClient";
import type { Operation } from "../../../src/core/operation/operation";
import { assertPlain, measured } from "../../support/hostileAnswers";
import { HostileServer, type HostileAnswer } from "../../support/hostileServer";
import { recordingOperation } from "../../support/operation";

const sha256 = (content: string | Buffer): string => `sha256:${createHash("sha256").update(content).digest("hex")}`;
const [a, b] = [sha256("a"), sha256("b")];

/** What is no digest, though it may look like one. */
const noDigests: readonly unknown[] = [
  undefined,
  null,
  7,
  {},
  [a],
  "",
  "sha256:",
  a.toUpperCase(),
  a.replace("sha256:", "SHA256:"),
  a.slice(0, -1),
  `${a}0`,
  ` ${a}`,
  `${a}\n`,
  `${a}\u200b`,
  a.replace("sha256", "md5"),
  `sha384:${"a".repeat(96)}`,
  `sha512:${"a".repeat(64)}`,
  `sha256:${"a".repeat(128)}`,
  `sha256:${"g".repeat(64)}`,
  a.replace(":", "+"),
  `../${a}`,
  `${a}/../x`,
  `${a}?x`,
  `${a}](command:x)`,
  "sha256:".repeat(1_000_000),
  `x@${a}`,
  a.slice("sha256:".length),
];

describe("a digest from outside", () => {
  it("is sha256 with 64 or sha512 with 128 digits in lower case", () => {
    for (const digest of [a, `sha512:${"0".repeat(128)}`]) assert.equal(checkedDigest(digest, "The test"), digest);
  });

  for (const value of noDigests) {
    it(`is not ${(JSON.stringify(value) ?? "nothing").slice(0, 60)}`, () => {
      assert.equal(isDigest(value), false);
      assert.throws(
        () => checkedDigest(value, "The registry ghcr.io"),
        (error) => {
          assertPlain(error, "a digest");
          assert.match(error.message, /^The registry ghcr\.io returned an invalid digest/);
          return error.code === "digestInvalid";
        },
      );
      if (typeof value !== "string") return;
      assert.throws(
        () => checkedRepoDigest(`ghcr.io/team/app@${value}`, "The test"),
        (error) => ImageBuilderError.is(error, "digestInvalid"),
      );
      assert.notEqual(imageNameProblem(`ghcr.io/team/app@${value}`), undefined);
    });
  }

  it("belongs to an image's name", () => {
    assert.equal(checkedRepoDigest(`localhost:5000/app@${a}`, "The test"), `localhost:5000/app@${a}`);
    for (const name of [a, `@${a}`, `a b@${a}`, `x@y@${a}`, `https://ghcr.io/app@${a}`])
      assert.throws(
        () => checkedRepoDigest(name, "The test"),
        (error) => ImageBuilderError.is(error, "digestInvalid"),
        name,
      );
  });

  it("may lack its algorithm only where a daemon tells an image's id", () => {
    assert.equal(checkedImageId(a.slice("sha256:".length), "The test"), a);
    assert.equal(checkedImageId(a, "The test"), a);
    assert.throws(() => checkedImageId("0".repeat(63), "The test"));
  });
});

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
    "an image's digest is none": { manifests: [blob(7)] },
    "a subject's digest is none": { blobs: [], subject: blob("x") },
    "a size is negative": { config, layers: [blob(a, -1)] },
    "a size is no number": { config, layers: [blob(a, "1")] },
    "a size is a fraction": { config, layers: [blob(a, 0.5)] },
    "a size is greater than numbers count": { config, layers: [blob(a, 2 ** 60)] },
    "there are more layers than an image has": { config, layers: Array.from({ length: 1_001 }, () => blob()) },
    "it is an image and an index at once": { config, layers: [blob()], manifests: [blob()] },
    "its annotations are numbers": { config, layers: [], annotations: { a: 1 } },
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

describe("what a builder of somebody else tells", () => {
  const name = "ghcr.io/team/app";
  const core = {
    flavors: new FlavorRegistry(),
    services: {
      engine: createEngineAccess({ dockerHost: "unix:///nowhere/docker.sock" }),
      credentials: { find: async () => undefined },
    },
  };
  let told: (operation: Operation) => unknown;
  core.flavors.register({
    name: "theirs",
    type: "image_builder",
    displayName: "",
    description: "",
    configSchema: z.strictObject({}),
    load: async () => ({
      isBuildingLocally: true,
      build: async (_name, _context, _options, operation) => told(operation) as string,
    }),
  });
  const registry = {
    name: "mine",
    type: "container_registry",
    flavor: "github",
    configuration: { uri: "ghcr.io/team" },
  } as const;
  const build = (operation = recordingOperation(), isPushed = true) =>
    buildAndPush(
      {
        imageName: `${name}:1`,
        options: {},
        builder: { name: "far", type: "image_builder", flavor: "theirs", configuration: {} },
        ...(isPushed && { registry }),
      },
      core,
      operation,
    );

  it("is a name with a digest, which is handed on", async () => {
    told = () => `${name}@${a}`;
    assert.deepEqual([(await build()).repoDigest, (await build()).digest], [`${name}@${a}`, a]);
  });

  for (const reference of [`${name}@sha256:0`, `${name}@${a.toUpperCase()}`, `@${a}`, `a b@${a}`, `x@y@${a}`]) {
    it(`is refused as ${reference.slice(0, 40)}`, async () => {
      told = () => reference;
      for (const isPushed of [true, false])
        await assert.rejects(
          build(recordingOperation(), isPushed),
          (error) =>
            ImageBuilderError.is(error, "digestInvalid") &&
            /^The builder "far" returned (an invalid digest:|a digest without a valid image name\.)/.test(
              error.message,
            ),
        );
    });
  }

  it("is told beside the name, too, which is then known by it", async () => {
    for (const reference of [`${name}:1`, name, `${name}@${a}`]) {
      told = () => ({ reference, digest: a });
      const result = await build();
      assert.deepEqual([result.repoDigest, result.digest, result.reference], [`${name}@${a}`, a, `${name}@${a}`]);
    }
  });

  for (const digest of ["", "sha256:0", a.toUpperCase(), a.slice(7), `${a} `, 5, {}, [a], "[click](command:x)"]) {
    it(`is refused as ${JSON.stringify(digest).slice(0, 30)} beside the name`, async () => {
      told = () => ({ reference: `${name}:1`, digest });
      for (const isPushed of [true, false])
        await assert.rejects(build(recordingOperation(), isPushed), (error) => {
          assertPlain(error, "a digest");
          return (
            error.code === "digestInvalid" && error.message.startsWith('The builder "far" returned an invalid digest')
          );
        });
    });
  }

  it("is refused where the name has another one", async () => {
    told = () => ({ reference: `${name}@${a}`, digest: a.replace(/.$/, (last) => (last === "0" ? "1" : "0")) });
    await assert.rejects(
      build(),
      (error) => ImageBuilderError.is(error, "digestInvalid") && error.message.includes("different digests"),
    );
  });

  it("is refused as what is no name", async () => {
    told = () => "[click](command:x)\u202e";
    await assert.rejects(build(), (error) => {
      assertPlain(error, "a name");
      return error.code === "buildFailed";
    });
  });

  it("is shown nowhere before it is known to be a digest", async () => {
    const operation = recordingOperation();
    const events: ProgressEvent[] = [
      { kind: "imageBuilt", imageId: "[x](command:y)" },
      { kind: "pushed", imageName: `${name}:1`, repoDigest: `${name}@evil` },
      { kind: "message", text: "fine" },
    ];
    told = ({ report }) => (events.forEach((event) => report(event)), `${name}@${a}`);
    await assert.rejects(build(operation), (error) => ImageBuilderError.is(error, "digestInvalid"));
    assert.deepEqual(operation.events, [{ kind: "message", text: "fine" }]);
  });
});

describe("what is remembered of an image", () => {
  it("counts only with a digest that is one", async () => {
    const image = Image.fromDebianBase({ name: "app" });
    const uri = "127.0.0.1:1/app:1";
    const registry = {
      name: "mine",
      type: "container_registry",
      flavor: "default",
      configuration: { uri: "127.0.0.1:1" },
    } as const;
    let kept: Record<string, { at: number; repoDigest?: string }> = {};
    const memory = new ExistenceMemory({ get: () => kept, set: async (images) => void (kept = images) }, "test");
    const core = {
      flavors: new FlavorRegistry(),
      services: {
        engine: createEngineAccess({ dockerHost: "unix:///nowhere/docker.sock" }),
        credentials: { find: async () => undefined },
      },
    };
    await memory.remember({ uri, platform: image.platform }, { repoDigest: `127.0.0.1:1/app@${a}` });
    const existence = () => existenceOf({ image, uri, registry, memory }, core);
    assert.deepEqual(await existence(), { kind: "exists", repoDigest: `127.0.0.1:1/app@${a}` });
    for (const changed of ["x", "127.0.0.1:1/app@x", `127.0.0.1:1/app@${a}](command:x)`]) {
      for (const each of Object.values(kept)) each.repoDigest = changed;
      assert.equal((await existence()).kind, "unknown", changed);
    }
  });
});
