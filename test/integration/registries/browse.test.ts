import assert from "node:assert/strict";
import { Registry } from "../../../scripts/engines/registry.mjs";
import { createEngineAccess } from "../../../src/core/engine/engineAccess";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { ContainerRegistry } from "../../../src/core/contracts/containerRegistry";
import { RegistryClient } from "../../../src/core/distribution/registryClient";
import { sharedTags } from "../../../src/core/distribution/sharedTags";
import { askDaemon, build, credentialsFor, given, uniqueName } from "../../support/engine";
import { FaultProxy } from "../../support/faultProxy";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { recordingOperation } from "../../support/operation";
import { RegistryContent } from "../../support/registryContent";

describe("an image that is found in a registry", function () {
  this.timeout(60_000);
  let registry: Registry;
  let proxy: FaultProxy;
  let repoDigest: string;
  const path = `team/${uniqueName()}`;

  before(async () => {
    registry = new Registry(temporaryFolder());
    await registry.start();
    proxy = await FaultProxy.start(registry.address);
    const root = temporaryFolder({ Dockerfile: `FROM scratch\nCOPY Dockerfile /${path}\n` });
    repoDigest =
      (await build({ root, imageName: `${registry.address}/${path}:1.0`, registry: registry.address })).repoDigest ??
      "";
  });
  after(async () => {
    await Promise.all([proxy.stop(), registry.remove()]);
    removeTemporaryFolders();
  });

  const place = (address: string) =>
    new ContainerRegistry(
      "mine",
      { uri: address },
      { engine: createEngineAccess({ dockerHost: given("DOCKER_HOST") }), credentials: credentialsFor({}) },
    );
  const forget = () => askDaemon(`/images/${registry.address}/${path}:1.0?force=true`, "DELETE");
  const isThere = async (name: string) => "Id" in ((await askDaemon(`/images/${name}/json`)) as object);

  for (const reference of ["tag", "digest"] as const) {
    it(`is pulled by its ${reference}, with the layers' progress`, async () => {
      const name = reference === "tag" ? `${registry.address}/${path}:1.0` : repoDigest;
      await forget();
      assert.equal(await isThere(name), false);
      const operation = recordingOperation();
      await place(registry.address).pullImage(name, operation);
      assert.equal(await isThere(name), true);
      assert.ok(operation.events.some((event) => event.kind === "layer"));
    });
  }

  it("and is none of the registry's is not pulled from it", async () => {
    await assert.rejects(
      place(registry.address).pullImage("docker.io/library/busybox:1", recordingOperation()),
      (error) => ImageBuilderError.is(error, "imageForeign"),
    );
  });

  it("and was deleted meanwhile, or is behind a limit, is described so", async () => {
    await assert.rejects(
      place(registry.address).pullImage(`${registry.address}/${path}:gone`, recordingOperation()),
      (error) => {
        assert.ok(ImageBuilderError.is(error, "pullFailed"));
        assert.match(
          error.message,
          /"not found" .*manifest unknown.*Check that the tag is correct and that it was not deleted\.$/,
        );
        return true;
      },
    );
    proxy.setRules({
      path: /manifests/,
      fault: {
        kind: "status",
        status: 429,
        body: '{"errors":[{"code":"TOOMANYREQUESTS","message":"slow down"}]}',
        headers: { "content-type": "application/json" },
      },
    });
    await assert.rejects(
      place(proxy.address).pullImage(`${proxy.address}/${path}:1.0`, recordingOperation()),
      /limits the number of requests/,
    );
  });

  it("stops being pulled at once when that is cancelled", async () => {
    proxy.setRules({ path: /blobs|manifests/, fault: { kind: "hang" } });
    const cancel = new AbortController();
    const pulling = place(proxy.address).pullImage(`${proxy.address}/${path}:1.0`, {
      ...recordingOperation(),
      signal: cancel.signal,
    });
    setTimeout(() => cancel.abort(new Error("cancelled")), 100);
    await assert.rejects(pulling, /^Error: cancelled$/);
  });

  it("shares its digest with the tags that lead to it, as far as they are seen, without a manifest", async () => {
    const content = new RegistryContent(registry.address);
    const { digest } = await content.image(`${path}/shared`, "a");
    await content.tag(`${path}/shared`, "a", ["b", "c"]);
    await content.image(`${path}/shared`, "other", { layers: ["another"] });
    proxy.setRules();
    proxy.requests.length = 0;
    const client = new RegistryClient(place(proxy.address).place());
    const question = { repository: `${path}/shared`, digest, tags: ["b", "other", "c", "gone"] };
    assert.deepEqual(await sharedTags(client, question), { names: ["b", "c"], unknown: 0 });
    assert.deepEqual(
      // What HEAD does not find is asked for once more.
      proxy.requests.filter((request) => /manifests/.test(request) && !request.startsWith("HEAD")),
      [`GET /v2/${path}/shared/manifests/gone`],
    );
    assert.deepEqual(await sharedTags(client, { ...question, limit: 2 }), { names: ["b"], unknown: 2 });
  });
});
