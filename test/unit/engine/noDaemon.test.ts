import assert from "node:assert/strict";
import { createEngineAccess } from "../../../src/core/engine/engineAccess";
import type { EngineClient } from "../../../src/core/engine/engineClient";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { FlavorRegistry } from "../../../src/core/flavors/flavorRegistry";
import { baseUser } from "../../../src/core/jobs/baseUser";
import { checkImage } from "../../../src/core/jobs/checkImage";
import { ensureImage } from "../../../src/core/jobs/ensureImage";
import { onlyPlatform } from "../../../src/core/jobs/onlyPlatform";
import { Image } from "../../../src/core/image/image";
import { planImage } from "../../../src/core/image/plan/planImage";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { recordingOperation } from "../../support/operation";

describe("without a daemon", () => {
  const { signal } = new AbortController();
  const engine = createEngineAccess({ dockerHost: "unix:///nowhere/docker.sock" });
  const core = {
    flavors: new FlavorRegistry(),
    services: { engine, credentials: { find: () => Promise.resolve(undefined) } },
  } as unknown as Parameters<typeof ensureImage>[1];
  const builder = { name: "local", type: "image_builder", flavor: "local", configuration: {} } as const;
  after(removeTemporaryFolders);

  /** Cause first, then the remedy, and no words of the system in front. */
  const isPlain = (error: unknown): boolean => {
    assert.ok(ImageBuilderError.is(error), String(error));
    assert.match(error.message, /^(?:Can't|The Docker daemon|No Docker daemon).*\. (?:Check|Start|Install)/s);
    return true;
  };

  const questions: Readonly<Record<string, (client: EngineClient) => Promise<unknown>>> = {
    "an image's digests": (client) => client.repoDigests("busybox", signal),
    "an image's id": (client) => client.imageId("busybox", signal),
    "an image's user": (client) => client.imageUser("busybox", signal),
    "an image's layers": (client) => client.layerSizes("busybox", signal),
    "its image store": (client) => client.hasContainerdStore(signal),
    "insecure registries": (client) => client.isInsecureRegistry("registry.example", signal),
    "the gateways of its network": (client) => client.bridgeGateways(signal),
    "an image's digest in a registry": (client) => client.registryDigest("busybox", undefined, signal),
  };
  for (const [what, ask] of Object.entries(questions))
    it(`asking for ${what} fails in a sentence with its remedy`, async () => {
      await assert.rejects(ask(await engine.client()), isPlain);
    });

  it("an image whose base's user counts fails in a sentence with its remedy, and the user is unknown", async () => {
    const root = temporaryFolder({ a: "" });
    // Nothing answers at this registry.
    const image = Image.fromBase("127.0.0.1:1/base:1")
      .clone({ name: "app", platform: "linux/amd64", extendable: true })
      .withAptPackages("git");
    const plan = await planImage(image, { root });
    assert.equal(await baseUser("127.0.0.1:1/base:1", core, signal), undefined);
    await assert.rejects(
      ensureImage({ ...plan, places: { root }, builder, force: true }, core, recordingOperation()),
      isPlain,
    );
    await assert.rejects(ensureImage({ ...plan, places: { root }, builder }, core, recordingOperation()), isPlain);
    await assert.rejects(checkImage({ ...plan, builder }, core, recordingOperation()), isPlain);
  });

  it("an image is built for all its platforms", async () => {
    const image = Image.fromDebianBase({ installFlyte: false, name: "app" });
    assert.equal(await onlyPlatform(image, engine, signal), undefined);
  });
});
