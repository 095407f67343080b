import assert from "node:assert/strict";
import type { Credentials } from "../../src/core/credentials/credentialSource";
import type { ErrorCode } from "../../src/core/base/errors";
import { RegistryClient } from "../../src/core/distribution/registryClient";
import { startRegistries, type RegistriesWorld } from "./registriesWorld";
import { test, fails, all } from "./registryPlaces";

describe("a registry", function () {
  this.timeout(60_000);
  let world: RegistriesWorld;
  before(async () => void (world = await startRegistries()));
  after(() => world.stop());
  beforeEach(() => world.reset());

  describe("that asks for a password", () => {
    it("is shown it, and what it refuses is said in plain words", async () => {
      const { address } = world.protectedByPassword;
      assert.deepEqual(await all(world.client(address, test).repositories()), []);
      await assert.rejects(
        all(world.client(address).repositories()),
        fails("registryUnauthorized", /requires credentials .* none were found/),
      );
      await assert.rejects(
        all(world.client(address, { username: "test", password: "wr0ng" }).repositories()),
        (error) => {
          assert.ok(!String(error).includes("wr0ng"));
          return fails("registryUnauthorized", /rejected the credentials from the test/)(error);
        },
      );
      await assert.rejects(
        all(world.client(address, { identityToken: "x" }).repositories()),
        fails("registryUnauthorized", /requires a user name and a password, but the test has an identity token/),
      );
    });

    it("is not asked for credentials that it does not want", async () => {
      const credentials = () => assert.fail("nobody wants them");
      assert.deepEqual(await new RegistryClient({ host: world.plain.address, credentials }).ping(), {
        asksForCredentials: false,
      });
    });
  });

  describe("that asks for tokens", () => {
    it("gets one for what is asked, once", async () => {
      const registry = world.client(world.protectedByToken.address, test);
      await all(registry.repositories());
      await all(registry.repositories());
      assert.deepEqual(world.tokens.requests, [{ method: "GET", grant: "", scope: "registry:catalog:*" }]);
    });

    it("gets one for an identity token", async () => {
      await world.client(world.protectedByToken.address, { identityToken: "refresh-test" }).checkMayPush("team/app");
      assert.deepEqual(world.tokens.requests[0], {
        method: "POST",
        grant: "refresh_token",
        scope: "repository:team/app:pull,push",
      });
      await assert.rejects(
        world.client(world.protectedByToken.address, { identityToken: "unknown" }).ping(),
        fails("registryUnauthorized", /incorrect username or password/),
      );
    });

    it("is shown a token that is its own as it is, and nobody is asked for another", async () => {
      const registryToken = world.tokens.issue(["pull", "push"], ["repository:team/app:pull,push"]);
      await world.client(world.protectedByToken.address, { registryToken }).checkMayPush("team/app");
      assert.deepEqual(world.tokens.requests, []);
      const wrong = world.client(world.protectedByToken.address, { registryToken: "s3cr3t" });
      await assert.rejects(
        wrong.checkMayPush("team/app"),
        (error) =>
          !String(error).includes("s3cr3t") &&
          fails("registryUnauthorized", /rejected the credentials from the test for the request to push/)(error),
      );
      await assert.rejects(
        all(world.client(world.protectedByPassword.address, { registryToken }).repositories()),
        fails("registryUnauthorized", /requires a user name and a password, but the test has a registry token/),
      );
    });

    it("gets a new one when the old has expired", async () => {
      const registry = world.client(world.protectedByToken.address, test);
      world.tokens.lifetimeSeconds = -3600; // The server says that it serves a second, and the registry refuses it.
      await assert.rejects(
        all(registry.repositories()),
        // The login is right: it is the two servers that don't agree.
        fails("registryFailed", /doesn't accept the token that its own token service issued .*Check that the clocks/),
      );
      world.tokens.lifetimeSeconds = 300;
      await all(registry.repositories());
    });

    it("lets a reader read and not push", async () => {
      const reader: Credentials = { username: "reader", password: "reader" };
      await world.client(world.protectedByToken.address, reader).ping();
      await assert.rejects(
        world.client(world.protectedByToken.address, reader).checkMayPush("team/app"),
        fails("registryDenied", /doesn't allow the account of the test to push to "team\/app"/),
      );
      await world.client(world.protectedByToken.address, test).checkMayPush("team/app");
    });

    const refusals: readonly (readonly [
      what: string,
      refusal: { status: number; body: object },
      code: ErrorCode,
      message: RegExp,
    ])[] = [
      [
        "a wrong password",
        { status: 401, body: { details: "incorrect username or password" } },
        "registryUnauthorized",
        /rejected the credentials from the test \(incorrect username or password\)\. Check that/,
      ],
      [
        "an expired token",
        { status: 401, body: { errors: [{ code: "UNAUTHORIZED", message: "token has expired" }] } },
        "registryUnauthorized",
        /They have expired\. Log in again/,
      ],
      ["too many questions", { status: 429, body: {} }, "registryRateLimited", /limits the number of requests/],
      [
        "a service that is not well",
        { status: 503, body: {} },
        "registryFailed",
        /token service .* is unavailable .*HTTP 503/,
      ],
      ["an answer without a token", { status: 200, body: {} }, "registryFailed", /sent no token/],
    ];
    for (const [what, refusal, code, message] of refusals) {
      it(`says so in plain words on ${what}`, async () => {
        world.tokens.refusal = refusal;
        await assert.rejects(world.client(world.protectedByToken.address, test).ping(), fails(code, message));
      });
    }
  });
});
