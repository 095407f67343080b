import assert from "node:assert/strict";
import type { Core } from "../../src/core/jobs/buildAndPush";
import { baseDigest } from "../../src/core/jobs/baseRegistry";
import { basePin, pinChange } from "../../src/core/image/spec/pinBase";
import { readImageSpec } from "../../src/core/image/spec/readImageSpec";
import { buildImage, ownPlatform } from "../support/buildImage";
import {
  authRegistry,
  build,
  coreOn,
  credentialsFor,
  login,
  plainRegistry,
  registryDigest,
  uniqueName,
} from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";

describe("a base image that is pinned", function () {
  this.timeout(60_000);
  const { signal } = new AbortController();
  const file = "app.image.yaml";
  after(removeTemporaryFolders);

  /** Pushes a base whose file has a content. */
  const pushBase = async (name: string, content: string): Promise<void> => {
    const root = temporaryFolder({ Dockerfile: "FROM busybox:1.35\nCOPY word /word\n", word: `${content}\n` });
    await build({ root, imageName: name, registry: plainRegistry() });
  };

  const pinned = async (text: string): Promise<string> => {
    const { image } = readImageSpec(text, file);
    assert.ok(image);
    const base = await basePin(image, {});
    const change = await pinChange({ text, file, places: {} }, base, await baseDigest(base.name, coreOn(), signal));
    return change.text;
  };

  const wordIn = async (text: string): Promise<string> => {
    const { image } = readImageSpec(text.replace("workdir: /", `commands: "cat /word # ${uniqueName()}"`), file);
    assert.ok(image);
    return (await buildImage(image)).output.trim();
  };

  it("is built as it was, though its tag has moved, until the pin is updated", async () => {
    const base = `${plainRegistry()}/${uniqueName("base")}:1`;
    await pushBase(base, "first");
    const clone = `{ name: ${uniqueName()}, platform: ${ownPlatform} }`;
    const text = `from:\n  base: ${base}\nclone: ${clone}\nlayers:\n  - workdir: /\n`;
    const first = await pinned(text);
    assert.equal(first, text.replace(base, `${base}@${await registryDigest(base)}`));
    await pushBase(base, "second");
    assert.equal(await wordIn(first), "first");
    const second = await pinned(first);
    assert.equal(second, text.replace(base, `${base}@${await registryDigest(base)}`));
    assert.notEqual(second, first);
    assert.equal(await wordIn(second), "second");
  });

  it("is looked up with this machine's login, and says which image there is not", async () => {
    const name = uniqueName("private");
    const root = temporaryFolder({ Dockerfile: "FROM busybox:1.35\n" });
    const withLogin: Core = coreOn(undefined, credentialsFor({ [authRegistry()]: login() }));
    await build({ root, imageName: `${authRegistry()}/${name}:1`, registry: authRegistry(), core: withLogin });
    const digest = await baseDigest(`${authRegistry()}/${name}:1`, withLogin, signal);
    assert.match(digest, /^sha256:[0-9a-f]{64}$/);
    await assert.rejects(baseDigest(`${authRegistry()}/${name}:1`, coreOn(), signal), { code: "registryUnauthorized" });
    await assert.rejects(baseDigest(`${authRegistry()}/${name}:2`, withLogin, signal), {
      code: "registryNotFound",
      message: new RegExp(`has no image "${name}:2"`),
    });
  });
});
