import assert from "node:assert/strict";
import { uniqueName } from "../../support/engine";
import { assertFails, FaultBed } from "../../support/faultBed";
import { FaultProxy, type FaultRule } from "../../support/faultProxy";
import { temporaryFolder } from "../../support/folder";
import { recordingOperation } from "../../support/operation";
import { RegistryContent } from "../../support/registryContent";
import { until } from "../../support/until";

const words = (code: string, message: string) => JSON.stringify({ errors: [{ code, message }] });

describe("the registry of a base image", function () {
  this.timeout(60_000);
  let bed: FaultBed;
  let proxy: FaultProxy;
  before(async () => {
    bed = await FaultBed.start();
    proxy = await FaultProxy.start(bed.registry.address);
  });
  after(async () => {
    await proxy.stop();
    await bed.remove();
  });
  afterEach(() => proxy.setRules());

  /** Builds on an image that the daemon does not have yet. */
  async function buildOnNew(builder: "buildkit" | "classic", operation = recordingOperation()) {
    const name = `base/${uniqueName()}`;
    const content = new RegistryContent(bed.registry.address);
    const description = {
      os: "linux",
      architecture: process.arch === "arm64" ? "arm64" : "amd64",
      config: { Labels: { name } },
      rootfs: { type: "layers", diff_ids: [] },
    };
    const config = await content.blob(
      name,
      JSON.stringify(description),
      "application/vnd.docker.container.image.v1+json",
    );
    await content.manifest(name, "1", {
      schemaVersion: 2,
      mediaType: "application/vnd.docker.distribution.manifest.v2+json",
      config,
      layers: [],
    });
    return bed.build({
      root: temporaryFolder({ Dockerfile: `FROM ${proxy.address}/${name}:1\nLABEL a=b\n` }),
      options: { builder },
      operation,
    });
  }

  const faults: readonly (readonly [what: string, rule: FaultRule, message: RegExp])[] = [
    [
      "asks for a login",
      {
        path: /manifests/,
        fault: { kind: "status", status: 401, body: words("UNAUTHORIZED", "authentication required") },
      },
      /requires credentials to read "base|rejected the credentials/,
    ],
    [
      "denies",
      {
        path: /manifests/,
        fault: { kind: "status", status: 403, body: words("DENIED", "requested access to the resource is denied") },
      },
      /doesn't allow .* to read "base/,
    ],
    [
      "limits how often it is asked",
      {
        path: /manifests/,
        fault: {
          kind: "status",
          status: 429,
          headers: { "retry-after": "30" },
          body: words("TOOMANYREQUESTS", "You have reached your pull rate limit"),
        },
      },
      /limits the number of requests/,
    ],
    [
      "fails",
      { path: /manifests/, fault: { kind: "status", status: 500, body: words("UNKNOWN", "unknown error") } },
      /reported an internal error/,
    ],
    ["is overloaded", { path: /manifests/, fault: { kind: "status", status: 503 } }, /is unavailable/],
    ["breaks off", { path: /manifests/, fault: { kind: "reset" } }, /couldn't reach the base image's registry/],
    [
      "has lost a part of it",
      {
        path: /blobs/,
        fault: { kind: "status", status: 404, body: words("BLOB_UNKNOWN", "blob unknown to registry") },
      },
      /The base image is incomplete in its registry/,
    ],
  ];
  for (const builder of ["buildkit", "classic"] as const) {
    for (const [what, rule, message] of faults) {
      it(`that ${what} fails the build, which works later (${builder})`, async () => {
        proxy.setRules(rule);
        await assertFails(buildOnNew(builder), "buildFailed", message);
        proxy.setRules();
        await buildOnNew(builder);
      });
    }

    it(`that does not answer may be left at once (${builder})`, async () => {
      proxy.setRules({ path: /manifests/, fault: { kind: "hang" } });
      proxy.requests.length = 0;
      const controller = new AbortController();
      const reason = new Error("cancelled by the user");
      const building = buildOnNew(builder, recordingOperation(controller.signal));
      await until(() => proxy.requests.some((each) => /manifests/.test(each)), "the daemon waits");
      controller.abort(reason);
      await assert.rejects(building, reason);
      await bed.assertAsBefore({ options: { builder } });
    });
  }
});
