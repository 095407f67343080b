import assert from "node:assert/strict";
import { implicitAllowedBy } from "../../../src/core/connectors/connectorSource";
import type { AuthMethod, ConnectorRecord, ConnectorType, RegistryLogin } from "../../../src/core/clouds/connectorType";
import { ConnectorLink } from "../../../src/core/contracts/connectorLink";
import { dockerConnector } from "../../../src/core/connectors/docker";
import { ServiceConnector } from "../../../src/core/connectors/serviceConnector";
import type { SecretValues } from "../../../src/core/credentials/secretStore";
import type { Component } from "../../../src/core/base/component";
import { ImageBuilderError, type ErrorCode } from "../../../src/core/base/errors";
import { FlavorRegistry } from "../../../src/core/flavors/flavorRegistry";
import { authMethod } from "../../../src/core/clouds/authMethod";
import { connectorServices, connectorsOf } from "../../support/connectors";

const fails = (code: ErrorCode, message: RegExp) => (error: unknown) => {
  assert.ok(ImageBuilderError.is(error, code), String(error));
  assert.match(error.message, message);
  return true;
};
const password = { username: "me", password: "{{logins.me}}" };
const record = (more: Partial<ConnectorRecord> = {}): ConnectorRecord => ({
  name: "mine",
  type: "docker",
  authMethod: "password",
  configuration: password,
  ...more,
});
const secrets = { logins: { me: "s3cr3t" } };
const get = (more: Partial<ConnectorRecord> = {}) => connectorsOf([record(more)], secrets).get("mine");
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();

/** A cloud whose logins end when the test says. */
function cloudOf(
  lifetimesSeconds: (number | undefined)[],
  more: Partial<AuthMethod> = {},
  entry: Partial<ConnectorRecord> = {},
  allowImplicit = true,
) {
  let asked = 0;
  const method: AuthMethod = {
    ...authMethod<object>({
      displayName: "Test",
      configSchema: dockerConnector.authMethods["password"]?.configSchema ?? assert.fail(),
      async login({ resourceId }): Promise<RegistryLogin> {
        const lifetime = lifetimesSeconds[asked];
        return {
          registry: resourceId,
          username: "me",
          password: `login-${++asked}`,
          ...(lifetime !== undefined && { expiresAtMs: Date.now() + lifetime * 1000 }),
        };
      },
    }),
    ...more,
  };
  const type: ConnectorType = { ...dockerConnector, name: "test", isSingleInstance: false };
  return new ServiceConnector(record(entry), type, method, {}, connectorServices({}, { allowImplicit }));
}

describe("a service connector", () => {
  it("supplies a login for its registry, the secret resolved [Z120]", async () => {
    assert.deepEqual(await (await get()).connect("docker.io/me"), {
      registry: "docker.io",
      username: "me",
      password: "s3cr3t",
    });
    assert.equal(
      (await (await get({ configuration: { ...password, registry: "https://ghcr.io/team" } })).connect()).registry,
      "ghcr.io",
    );
  });

  describe("has expired", () => {
    const cases: readonly (readonly [
      what: string,
      entry: Partial<ConnectorRecord>,
      endsInSeconds: number | undefined,
      expired: boolean,
    ])[] = [
      ["never without an end", {}, undefined, false],
      ["299 s before its end", {}, 299, true],
      ["not 310 s before its end", {}, 310, false],
      ["not 60 s before its end with a tolerance of 30 s", { expirySkewSeconds: 30 }, 60, false],
      ["at its end with no tolerance", { expirySkewSeconds: 0 }, -1, true],
    ];
    for (const [what, entry, ends, expired] of cases) {
      it(`${what} [Z136]`, async () =>
        assert.equal(
          (await get({ ...entry, ...(ends !== undefined && { expiresAt: inSeconds(ends) }) })).hasExpired(),
          expired,
        ));
    }

    it("and then gives no login [Z137]", async () => {
      await assert.rejects(
        (await get({ expiresAt: inSeconds(10) })).connect(),
        fails("connectorExpired", /"mine" have expired/),
      );
    });
  });

  it("is for its one registry only, in whatever way that is written [Z138]", async () => {
    const connector = await get({ configuration: { ...password, registry: "ghcr.io" } });
    assert.equal((await connector.connect("https://ghcr.io/team")).registry, "ghcr.io");
    await assert.rejects(
      connector.connect("quay.io"),
      fails("connectorInvalid", /is for ghcr\.io and does not allow access to quay\.io/),
    );
  });

  it("for several registries wants to know which [Z48][Z138]", async () => {
    const connector = cloudOf([]);
    assert.equal((await connector.connect("https://one.example/a")).registry, "one.example");
    await assert.rejects(
      connector.connect(),
      fails("connectorInvalid", /gives access to several registries\. Specify which/),
    );
    const restricted = cloudOf([], {}, { resourceId: "one.example" });
    assert.equal((await restricted.connect()).registry, "one.example");
    await assert.rejects(restricted.connect("two.example"), fails("connectorInvalid", /is for one\.example/));
  });

  it("keeps a login until it ends within 300 s, then fetches another [Z122][Z136]", async () => {
    const connector = cloudOf([3600, 3600]);
    assert.ok(connector.loginHasExpired("one.example"));
    for (const expected of ["login-1", "login-1"])
      assert.equal((await connector.connect("one.example")).password, expected);
    assert.equal((await connector.connect("two.example")).password, "login-2");
    const short = cloudOf([299, 3600, 3600]);
    for (const expected of ["login-1", "login-2", "login-2"])
      assert.equal((await short.connect("one.example")).password, expected);
    assert.equal((await short.connect("one.example", { renew: true })).password, "login-3");
  });

  it("hands its own end on with the login, if that is the sooner [Z147]", async () => {
    const expiresAt = inSeconds(1000);
    assert.equal((await cloudOf([3600], {}, { expiresAt }).connect("one.example")).expiresAtMs, Date.parse(expiresAt));
    assert.equal(
      (await cloudOf([undefined], {}, { expiresAt }).connect("one.example")).expiresAtMs,
      Date.parse(expiresAt),
    );
    assert.ok(
      ((await cloudOf([400], {}, { expiresAt }).connect("one.example")).expiresAtMs ?? Infinity) <
        Date.parse(expiresAt),
    );
  });

  it("uses what the machine is signed in as only where that is allowed [Z139]", async () => {
    await assert.rejects(
      cloudOf([], { isImplicit: true }, {}, false).connect("one.example"),
      fails("connectorFailed", /not allowed: .*ZENML_ENABLE_IMPLICIT_AUTH_METHODS/),
    );
    await cloudOf([], { isImplicit: true }, {}, true).connect("one.example");
    for (const [value, allowed] of [
      ["true", true],
      ["1", true],
      ["YES", true],
      ["false", false],
      ["", false],
      [undefined, false],
    ] as const) {
      assert.equal(implicitAllowedBy({ ZENML_ENABLE_IMPLICIT_AUTH_METHODS: value }), allowed, value);
    }
  });

  const broken: readonly (readonly [
    what: string,
    entry: Partial<ConnectorRecord>,
    code: ErrorCode,
    message: RegExp,
  ])[] = [
    [
      "an unknown type",
      { type: "none" },
      "connectorInvalid",
      /the unknown type "none"\. Use one of: docker, gcp, azure, aws/,
    ],
    [
      "an unknown method",
      { authMethod: "magic" },
      "connectorInvalid",
      /unknown authentication method "magic"\. The type docker supports: password/,
    ],
    [
      "a password in plain text",
      { configuration: { username: "me", password: "plain-s3cr3t" } },
      "configurationInvalid",
      /password: a plain-text secret is not allowed in settings/,
    ],
    ["an unknown field", { configuration: { ...password, more: 1 } }, "configurationInvalid", /unknown field "more"/],
    ["a time that is none", { expiresAt: "soon" }, "connectorInvalid", /has the invalid expiration time "soon"/],
    [
      "a secret that is not stored",
      { configuration: { ...password, password: "{{none.x}}" } },
      "secretUnavailable",
      /"password" of the connector "mine".*"none"/,
    ],
  ];
  for (const [what, entry, code, message] of broken) {
    it(`with ${what} is refused`, async () => {
      await assert.rejects(get(entry), (error) => {
        assert.ok(!String(error).includes("s3cr3t"));
        return fails(code, message)(error);
      });
    });
  }

  it("is the same while its record and its secrets do not change, so that logins are kept", async () => {
    const stored: Record<string, SecretValues> = { ...secrets };
    const source = connectorsOf([record()], stored);
    const first = await source.get("mine");
    assert.equal(await source.get("mine"), first);
    stored["logins"] = { me: "other" };
    assert.equal((await (await source.get("mine")).connect()).password, "other");
  });
});

describe("a component's connector", () => {
  const flavors = new FlavorRegistry();
  const component = (more: Partial<Component> = {}): Component => ({
    name: "hub",
    type: "container_registry",
    flavor: "dockerhub",
    configuration: { uri: "docker.io/me" },
    connector: "mine",
    ...more,
  });
  const link = (entry: Partial<ConnectorRecord> = {}, more: Partial<Component> = {}) => {
    const linked = component(more);
    return new ConnectorLink(linked, flavors.get(linked.type, linked.flavor), connectorsOf([record(entry)], secrets));
  };

  it("has expired until it was first used, and then says what its login does [Z29]", async () => {
    const linked = link();
    assert.ok(linked.hasExpired());
    await linked.credentials("docker.io");
    assert.ok(!linked.hasExpired());
  });

  it("is asked for what the configuration names, not for what was linked [Z30]", async () => {
    const answer = await link({}, { connectorResourceId: "ghcr.io" }).credentials("docker.io");
    assert.deepEqual(answer, { credentials: { username: "me", password: "s3cr3t" }, source: 'the connector "mine"' });
  });

  const failures: readonly (readonly [what: string, linked: () => ConnectorLink, code: ErrorCode, message: RegExp])[] =
    [
      ["is gone", () => link({}, { connector: "gone" }), "connectorUnknown", /"gone" of "hub" was not found/],
      ["is misconfigured", () => link({ type: "none" }), "connectorInvalid", /is not configured correctly/],
      ["has expired", () => link({ expiresAt: inSeconds(1) }), "connectorExpired", /could not authenticate/],
      [
        "is not supported",
        () => link({}, { type: "image_builder", flavor: "local", configuration: {} }),
        "connectorInvalid",
        /flavor "local" does not support connectors/,
      ],
    ];
  for (const [what, linked, code, message] of failures) {
    it(`that ${what} says what that means [Z31]`, async () => {
      await assert.rejects(linked().credentials("docker.io"), fails(code, message));
    });
  }

  it("never gives its login to another host [Z123]", async () => {
    await assert.rejects(
      link().credentials("ghcr.io"),
      fails("connectorInvalid", /is for docker\.io, but "hub" is at ghcr\.io/),
    );
  });
});
