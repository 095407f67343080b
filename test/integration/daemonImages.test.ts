import assert from "node:assert/strict";
import { ImageBuilderError } from "../../src/core/base/errors";
import type { DaemonImages } from "../../src/core/engine/daemonImages";
import { createContainer, removeContainer } from "../support/container";
import { build, engineAt, given, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";

describe("the images of a daemon", function () {
  this.timeout(60_000);
  const { signal } = new AbortController();
  let images: DaemonImages;
  before(async () => {
    ({ images } = await engineAt(given("DOCKER_HOST")).client());
  });
  after(removeTemporaryFolders);

  async function builtImage(): Promise<string> {
    const imageName = `${uniqueName("images")}:1`;
    await build({ root: temporaryFolder({ Dockerfile: `FROM scratch\nLABEL a=${imageName}\nCOPY . /\n` }), imageName });
    return imageName;
  }

  it("are listed by their names, and deleted with the last of them", async () => {
    const name = await builtImage();
    const other = uniqueName("other");
    await images.tag(name, other, undefined, signal);
    const ofImage = (await images.list(signal)).filter((each) => [name, `${other}:latest`].includes(each.name));
    assert.equal(ofImage.length, 2);
    assert.equal(new Set(ofImage.map(({ imageId }) => imageId)).size, 1);
    assert.ok(ofImage.every(({ sizeBytes }) => sizeBytes > 0));
    assert.equal(await images.remove(name, signal), false);
    assert.equal(await images.remove(`${other}:latest`, signal), true);
  });

  it("that are gone, or used by a container, are not removed, and the error says what to do", async () => {
    const name = await builtImage();
    const failure = (message: RegExp) => (error: unknown) => {
      assert.ok(ImageBuilderError.is(error, "daemonFailed"));
      assert.match(error.message, message);
      return true;
    };
    await assert.rejects(images.remove(`${uniqueName("none")}:1`, signal), failure(/^The daemon has no image named/));
    await assert.rejects(images.tag(uniqueName("none"), "a", "b", signal), failure(/^Can't tag the image as a:b: /));
    const socketPath = given("DOCKER_HOST").replace("unix://", "");
    const container = await createContainer(socketPath, name);
    try {
      await assert.rejects(
        images.remove(name, signal),
        failure(/^Can't remove images-.*container.* Remove the containers that use the image first\.$/),
      );
    } finally {
      await removeContainer(socketPath, container);
    }
    assert.equal(await images.remove(name, signal), true);
  });
});
