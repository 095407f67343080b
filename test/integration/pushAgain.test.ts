import assert from "node:assert/strict";
import { ImageBuilderError } from "../../src/core/base/errors";
import { buildAndPush } from "../../src/core/jobs/buildAndPush";
import { pushAgain } from "../../src/core/jobs/pushAgain";
import { coreOn, localBuilder, plainRegistry, registryAt, registryDigest, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { recordingOperation } from "../support/operation";

describe("an image that was built but not pushed", () => {
  after(removeTemporaryFolders);

  /** Builds an image whose content is a text. */
  async function built(imageName: string, text: string): Promise<string> {
    const root = temporaryFolder({ Dockerfile: "FROM scratch\nCOPY text /\n", text });
    const request = { root, imageName, builder: localBuilder, options: {} };
    const { imageId, sizeBytes } = await buildAndPush(request, coreOn(), recordingOperation());
    assert.ok(imageId !== undefined && sizeBytes !== undefined && sizeBytes >= text.length);
    return imageId;
  }

  const names = (): string[] => {
    const name = `${plainRegistry()}/${uniqueName()}`;
    return [`${name}:1`, `${name}:2`];
  };

  it("is pushed by all its names, and has the digest that the registry tells", async () => {
    const [imageName = "", other = ""] = names();
    const imageId = await built(imageName, "one");
    assert.equal(await built(other, "one"), imageId);
    const operation = recordingOperation();
    const request = { imageNames: [imageName, other], imageId, registry: registryAt(plainRegistry()) };
    const { repoDigest, digest, durationMs } = await pushAgain(request, coreOn(), operation);
    assert.equal(digest, await registryDigest(imageName));
    assert.equal(digest, await registryDigest(other));
    assert.equal(repoDigest, `${imageName.replace(/:1$/, "")}@${digest}`);
    assert.ok(durationMs > 0);
    assert.deepEqual(
      operation.events
        .filter(({ kind }) => kind === "pushStarted")
        .map((event) => "imageName" in event && event.imageName),
      [imageName, other],
    );
  });

  it("is refused where its name belongs to another image now, or to none, and nothing is pushed", async () => {
    const [imageName = "", gone = ""] = names();
    const imageId = await built(imageName, "one");
    await built(imageName, "two");
    const registry = registryAt(plainRegistry());
    for (const [name, why] of [
      [imageName, /has another image with this name now\. Build it again\./],
      [gone, /no longer has the image\. Build it again\./],
    ] as const)
      await assert.rejects(
        pushAgain({ imageNames: [name], imageId, registry }, coreOn(), recordingOperation()),
        (error) => {
          assert.ok(ImageBuilderError.is(error, "pushFailed"));
          assert.match(error.message, why);
          return true;
        },
      );
    assert.equal(await registryDigest(imageName), undefined);
  });
});
