import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { Registry, registryUser } from "../../../scripts/engines/registry.mjs";
import { ensurePackages } from "../../../scripts/setup/debian.mjs";
import type { BuildResult } from "../../../src/core/jobs/buildAndPush";
import { createEngineAccess } from "../../../src/core/engine/engineAccess";
import { Authority } from "../../support/certificates";
import { coreOn, credentialsFor, registryDigest, uniqueName } from "../../support/engine";
import { assertFails, FaultBed } from "../../support/faultBed";
import { FaultProxy, type FaultRule } from "../../support/faultProxy";
import { temporaryFolder } from "../../support/folder";
import { recordingOperation, type RecordingOperation } from "../../support/operation";
import { TokenServer } from "../../support/tokenServer";
import { until } from "../../support/until";

const mebibyte = 2 ** 20;
const hasLayer = ({ events }: RecordingOperation, state: string) =>
  events.some((event) => event.kind === "layer" && event.state === state);

/** A push under way. */
interface Push {
  readonly imageName: string;
  readonly operation: RecordingOperation;
  readonly result: Promise<BuildResult>;
}

describe("a push", function () {
  this.timeout(120_000);
  let bed: FaultBed;
  let down: Push;
  let back: Push;
  let busy: Push;
  let broken: Push;
  let noTokens: Push;
  let full: Push;
  let returning: Registry;
  const proxies: FaultProxy[] = [];
  const registries: Registry[] = [];

  before(async () => {
    await ensurePackages({ openssl: "openssl" }, "The test of faults");
    bed = await FaultBed.start();
    await beginRepeated();
  });
  after(async () => {
    for (const proxy of proxies) await proxy.stop();
    for (const registry of registries) await registry.remove();
    await bed.remove();
  });

  async function registryWith(options: ConstructorParameters<typeof Registry>[1] = {}): Promise<Registry> {
    const registry = new Registry(join(temporaryFolder(), "registry"), options);
    registries.push(registry);
    return registry.start();
  }

  async function proxyWith(...rules: FaultRule[]): Promise<FaultProxy> {
    const proxy = await FaultProxy.start(bed.registry.address);
    proxies.push(proxy);
    proxy.setRules(...rules);
    return proxy;
  }

  /** Builds an image of one layer that nobody else has, and pushes it. */
  function push(
    registry: string,
    { sizeBytes = 1000, name = `${uniqueName()}:1`, signal = new AbortController().signal } = {},
  ): Push {
    const operation = recordingOperation(signal);
    const imageName = `${registry}/${name}`;
    const root = temporaryFolder({ Dockerfile: "FROM scratch\nCOPY layer /\n", layer: randomBytes(sizeBytes) });
    const core = coreOn(
      createEngineAccess({ dockerHost: bed.daemon.dockerHost }),
      credentialsFor({ [registry]: registryUser }),
    );
    const result = bed.build({ root, imageName, registry, operation, core });
    result.catch(() => {}); // Each is awaited later, by its own test.
    return { imageName, operation, result };
  }

  async function assertPushed({ imageName, result }: Push, at: string): Promise<void> {
    const { digest } = await result;
    assert.ok(digest);
    assert.equal(await registryDigest(imageName.replace(/^[^/]+/, at)), digest);
  }

  // Docker's own store tries five times in 50 s, so all of them wait at once, beside the other tests.
  async function beginRepeated(): Promise<void> {
    const dying = await registryWith();
    returning = await registryWith();
    const crowded = await registryWith({ dataSizeMiB: 8 });
    const tokens = await TokenServer.start(new Authority(temporaryFolder(), "authority"));
    const closed = await registryWith({ tokenService: tokens.service });
    await tokens.stop();
    down = await pushedWhenKilled(dying);
    noTokens = push(closed.address);
    full = push(crowded.address, { sizeBytes: 20 * mebibyte });
    back = await pushedWhenKilled(returning);
    busy = push((await proxyWith({ method: "POST", times: 2, fault: { kind: "status", status: 503 } })).address);
    broken = push(
      (await proxyWith({ method: "PATCH", times: 1, fault: { kind: "reset", afterBytes: mebibyte } })).address,
      { sizeBytes: 4 * mebibyte },
    );
    await returning.start();
  }

  /** A push that is repeated, since its registry was killed meanwhile; one that was over before is begun again. */
  async function pushedWhenKilled(registry: Registry): Promise<Push> {
    for (;;) {
      const pushing = push(registry.address, { sizeBytes: 64 * mebibyte });
      let isOver = false as boolean;
      void pushing.result.catch(() => {}).then(() => (isOver = true));
      await until(() => isOver || hasLayer(pushing.operation, "pushing"), "the push has begun");
      await registry.kill();
      await until(() => isOver || hasLayer(pushing.operation, "retrying"), "the user sees that it is repeated");
      if (!isOver) return pushing;
      await registry.start();
    }
  }

  const denied = '{"errors":[{"code":"DENIED","message":"quota exceeded"}]}';
  const unauthorized = '{"errors":[{"code":"UNAUTHORIZED","message":"token has expired"}]}';
  const faults: readonly (readonly [what: string, rule: FaultRule, message: RegExp])[] = [
    [
      "is denied",
      { method: "PUT", path: /manifests/, fault: { kind: "status", status: 403, body: denied } },
      /its storage or a quota is used up \(denied: quota exceeded\)\. Delete images/,
    ],
    [
      "is no longer authorized",
      { method: "PUT", path: /manifests/, fault: { kind: "status", status: 401, body: unauthorized } },
      /rejected the credentials from the test.*(unauthorized|401).*(?:Check that|Log in again)/i,
    ],
    [
      "comes too often",
      {
        method: "HEAD",
        path: /blobs|manifests/,
        fault: { kind: "status", status: 429, headers: { "retry-after": "30" } },
      },
      /limits the number of requests.*\. Wait 30 s/,
    ],
    [
      "meets a fault of the registry",
      {
        method: "PUT",
        path: /manifests/,
        fault: { kind: "status", status: 500, body: '{"errors":[{"code":"UNKNOWN","message":"unknown error"}]}' },
      },
      /reported an internal error .* check the registry's log, for example for a full disk/,
    ],
    [
      "is too large for a proxy",
      {
        method: "PUT",
        path: /manifests/,
        fault: {
          kind: "status",
          status: 413,
          headers: { "content-type": "text/html" },
          body: "<html>413 Request Entity Too Large</html>",
        },
      },
      /doesn't accept data of this size .*413.* Make the layers smaller/,
    ],
  ];
  for (const [what, rule, message] of faults) {
    it(`that ${what} says so, and works afterwards`, async () => {
      const proxy = await proxyWith(rule);
      const refused = push(proxy.address);
      await assertFails(refused.result, "pushFailed", message);
      assert.equal(await registryDigest(refused.imageName.replace(proxy.address, bed.registry.address)), undefined);
      proxy.setRules();
      await assertPushed(push(proxy.address), bed.registry.address);
    });
  }

  it("that fails takes its remedy from the registry's words, not from the image's name", async () => {
    const proxy = await proxyWith({
      method: "PUT",
      path: /manifests/,
      fault: { kind: "status", status: 403, body: denied },
    });
    await assertFails(
      push(proxy.address, { name: `x509-unauthorized-${uniqueName()}:429` }).result,
      "pushFailed",
      /quota is used up \(denied: quota exceeded\)\. Delete images/,
    );
  });

  it("with a token that has expired says so", async () => {
    const tokens = await TokenServer.start(new Authority(temporaryFolder(), "authority"));
    const registry = await registryWith({ tokenService: tokens.service });
    tokens.lifetimeSeconds = -3600;
    await assertFails(
      push(registry.address).result,
      "pushFailed",
      /doesn't accept the token that its own token/,
    ).finally(() => tokens.stop());
  });

  for (const [when, rule] of [
    ["the registry does not answer", { method: "HEAD", fault: { kind: "hang" } }],
    ["it is retried", { method: "POST", fault: { kind: "status", status: 503 } }],
  ] as const) {
    it(`is left at once when it is cancelled while ${when}, and works afterwards`, async () => {
      const proxy = await proxyWith(rule);
      const controller = new AbortController();
      const reason = new Error("cancelled by the user");
      const { operation, result } = push(proxy.address, { signal: controller.signal });
      await until(
        () =>
          rule.fault.kind === "hang"
            ? proxy.requests.some((each) => each.startsWith("HEAD"))
            : hasLayer(operation, "retrying"),
        "the fault is met",
      );
      controller.abort(reason);
      await assert.rejects(result, reason);
      proxy.setRules();
      await assertPushed(push(proxy.address), bed.registry.address);
    });
  }

  it("over a slow line tells how far it is", async () => {
    const proxy = await proxyWith();
    proxy.uploadRate = 10 * mebibyte;
    const pushing = push(proxy.address, { sizeBytes: 25 * mebibyte });
    await assertPushed(pushing, bed.registry.address);
    const sizes = pushing.operation.events.flatMap((event) =>
      event.kind === "layer" && event.state === "pushing" ? [event.currentBytes ?? 0] : [],
    );
    assert.ok(new Set(sizes).size > 3 && sizes.every((size, i) => size >= (sizes[i - 1] ?? 0)), sizes.join());
  });

  describe("that the daemon repeats", () => {
    it("arrives once the registry is back", () => assertPushed(back, returning.address));
    it("arrives once the registry is well again", () => assertPushed(busy, bed.registry.address));
    it("arrives though its connection broke", () => assertPushed(broken, bed.registry.address));

    it("fails in the end when the registry stays away, in sight of the user", async () => {
      await assertFails(down.result, "pushFailed", /connection refused.*The daemon couldn't reach the registry/);
      assert.ok(hasLayer(down.operation, "retrying"));
    });

    it("fails in the end when the registry's disk is full", () =>
      assertFails(
        full.result,
        "pushFailed",
        /its storage or a quota is used up \(UNKNOWN: .*no space left on device\)\. Delete images/,
      ));
    it("fails in the end when the token service is away", () =>
      assertFails(noTokens.result, "pushFailed", /(connection refused|EOF).* or its token service/));
  });
});
