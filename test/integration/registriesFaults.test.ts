import assert from "node:assert/strict";
import { createServer } from "node:http";
import { createServer as createSocketServer } from "node:net";
import type { ErrorCode } from "../../src/core/base/errors";
import { HttpClient } from "../../src/core/http/httpClient";
import { FaultProxy, type FaultRule } from "../support/faultProxy";
import { startRegistries, type RegistriesWorld } from "./registriesWorld";
import { fails, all } from "./registryPlaces";

describe("a registry", function () {
  this.timeout(60_000);
  let world: RegistriesWorld;
  before(async () => void (world = await startRegistries()));
  after(() => world.stop());
  beforeEach(() => world.reset());

  describe("that is not well", () => {
    let proxy: FaultProxy;
    before(async () => void (proxy = await FaultProxy.start(world.plain.address)));
    after(() => proxy.stop());

    const faults: readonly (readonly [what: string, rule: FaultRule, code: ErrorCode, message: RegExp])[] = [
      [
        "limits questions",
        {
          path: /tags/,
          fault: {
            kind: "status",
            status: 429,
            headers: { "retry-after": "30" },
            body: '{"errors":[{"code":"TOOMANYREQUESTS","message":"slow down"}]}',
          },
        },
        "registryRateLimited",
        /TOOMANYREQUESTS: slow down\)\. Wait 30 s/,
      ],
      [
        "denies",
        { path: /tags/, fault: { kind: "status", status: 403, body: '{"errors":[{"code":"DENIED","message":"no"}]}' } },
        "registryDenied",
        /doesn't allow .* to list the tags.*DENIED: no/,
      ],
      ["fails", { path: /tags/, fault: { kind: "status", status: 500, body: "<html>" } }, "registryFailed", /HTTP 500/],
      ["breaks off", { path: /tags/, fault: { kind: "reset" } }, "registryUnreachable", /the connection was closed/],
      [
        "is none",
        { path: /v2/, fault: { kind: "status", status: 404 } },
        "registryUnsupported",
        /does not respond as a registry/,
      ],
    ];
    for (const [what, rule, code, message] of faults) {
      it(`because it ${what} is described so`, async () => {
        proxy.setRules(rule);
        await assert.rejects(all(world.client(proxy.address).tags("team/app")), fails(code, message));
      });
    }

    it("because it does not answer is given up after the time that was set, and at once when cancelled", async () => {
      proxy.setRules({ path: /tags/, fault: { kind: "hang" } });
      const http = new HttpClient({ timeoutMs: 300 });
      await assert.rejects(
        all(world.client(proxy.address, undefined, { http }).tags("team/app")),
        fails("registryUnreachable", /did not answer within 0\.3 s/),
      );
      const cancel = new AbortController();
      const asking = all(world.client(proxy.address).tags("team/app", { signal: cancel.signal }));
      setTimeout(() => cancel.abort(new Error("cancelled")), 50);
      await assert.rejects(asking, /^Error: cancelled$/);
    });

    it("because it takes connections and says nothing does not hold up the others", async () => {
      const address = await world.listening(createSocketServer());
      const answers = [address, world.plain.address].map((host) =>
        all(world.client(host, undefined, { http: new HttpClient({ timeoutMs: 2000 }) }).tags("team/app")),
      );
      const first = await Promise.race(answers.map((each) => each.catch((error: unknown) => error)));
      assert.ok(Array.isArray(first), String(first));
      await assert.rejects(answers[0] ?? Promise.resolve(), fails("registryUnreachable", /did not answer within 2 s/));
    });

    it("because its manifest is not the one that was asked for is not believed", async () => {
      const liar = createServer((_incoming, answer) =>
        answer.writeHead(200, { "content-type": "application/vnd.oci.image.manifest.v1+json" }).end("{}"),
      );
      const address = await world.listening(liar);
      await assert.rejects(
        world.client(address).manifest("team/app", `sha256:${"0".repeat(64)}`),
        fails("registryFailed", /has the unexpected digest/),
      );
    });

    it("because nobody is there, or there is no such host, is described so", async () => {
      await assert.rejects(world.client("127.0.0.1:1").ping(), fails("registryUnreachable", /connection refused/));
      await assert.rejects(world.client("no-such-host.invalid").ping(), fails("registryUnreachable", /host not found/));
    });
  });
});
