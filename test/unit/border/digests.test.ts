import assert from "node:assert/strict";
import { checkedDigest, checkedImageId, isDigest } from "../../../src/core/base/digest";
import { createEngineAccess } from "../../../src/core/engine/engineAccess";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { FlavorRegistry } from "../../../src/core/flavors/flavorRegistry";
import { existenceOf } from "../../../src/core/jobs/ensureImage";
import { Image } from "../../../src/core/image/image";
import { ExistenceMemory } from "../../../src/core/jobs/existenceMemory";
import { checkedRepoDigest, imageNameProblem } from "../../../src/core/base/imageReference";
import { assertPlain } from "../../support/hostileAnswers";
import { a } from "./digestsSupport";

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
