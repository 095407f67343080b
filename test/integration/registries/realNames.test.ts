import assert from "node:assert/strict";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import type { Component } from "../../../src/core/base/component";
import type { ErrorCode } from "../../../src/core/base/errors";
import { googleFiles, jsonWebToken } from "../../support/clouds";
import { localBuilder, uniqueName } from "../../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import type { CoreProcess } from "../../support/namespace/coreProcess";
import { logins } from "../../support/namespace/issuer";
import { at, RealNames } from "../../support/namespace/realNames";
import { base64, secrets, connectors, registry } from "./realNamesAccounts";
import { pushes } from "./realNamesPushes";

describe("registries under their real names", function () {
  this.timeout(120_000);
  let world: RealNames;
  let core: CoreProcess;
  let home: string;

  before(async () => {
    world = await RealNames.start();
    home = temporaryFolder({
      "docker/config.json": JSON.stringify({
        credHelpers: { [at.github]: "test" },
        auths: { "https://index.docker.io/v1/": { auth: base64(`${logins.hub.username}:${logins.hub.password}`) } },
      }),
      "bin/docker-credential-test":
        "#!/bin/sh\n" +
        `echo '${JSON.stringify({ Username: logins.github.username, Secret: logins.github.password })}'\n`,
    });
    chmodSync(join(home, "bin/docker-credential-test"), 0o755);
    core = await world.namespace.core({
      ...world.env,
      HOME: home,
      DOCKER_CONFIG: join(home, "docker"),
      PATH: `${home}/bin:${process.env["PATH"]}`,
      AZURE_TENANT_ID: "tenant",
      AZURE_CLIENT_ID: logins.azure.username,
      AZURE_CLIENT_SECRET: logins.azure.password,
    });
  });
  beforeEach(async () => {
    world.issuer.lifetimeSeconds = undefined;
    await core.get("configure", { connectors, secrets });
  });
  after(async () => {
    await world?.stop();
    removeTemporaryFolders();
  });

  const buildAndPush = (component: Component | undefined, imageName: string) => {
    const root = temporaryFolder({ Dockerfile: "FROM scratch\nCOPY . /\n", "a.txt": imageName });
    return core.run("buildAndPush", { root, imageName, builder: localBuilder, registry: component, options: {} });
  };

  describe("take a push, and tell the digest that they have stored:", () => {
    for (const [name, component, path, source] of pushes) {
      const known = component.connector === "hub" ? " [Z141]" : "";
      it(`${component.configuration["uri"]}, ${source.source}${known}`, async () => {
        const repository = uniqueName(path);
        const { result, failure, logged } = await buildAndPush(component, `${at[name]}/${repository}:1`);
        assert.equal(failure?.message, undefined);
        assert.match(result?.digest ?? "", /^sha256:[0-9a-f]{64}$/);
        assert.equal(result?.digest, world.stored(name, repository, "1"));
        assert.equal(result?.digest, await core.get("digest", { registry: component, repository, tag: "1" }));
        assert.ok(
          logged.some((line) => line.startsWith("info: Pushing") && source.test(line)),
          logged.join("\n"),
        );
        const check = await core.get("check", { registry: component, repository });
        assert.equal(check.outcome, "mayPush", JSON.stringify(check));
      });
    }

    it("a token for the registry itself in Docker's configuration, for which no other is fetched", async () => {
      const repository = uniqueName("team/app");
      const registrytoken = world.tokens.issue(["pull", "push"], [`repository:${repository}:pull,push`], at.github);
      const DOCKER_CONFIG = temporaryFolder({
        "config.json": JSON.stringify({ auths: { [at.github]: { registrytoken } } }),
      });
      await core.get("configure", { env: { DOCKER_CONFIG } });
      world.tokens.requests.length = 0;
      const { result } = await buildAndPush(registry("github", at.github), `${at.github}/${repository}:1`);
      assert.equal(result?.digest, world.stored("github", repository, "1"));
      assert.deepEqual(world.tokens.requests, []);
      await core.get("configure", { env: { DOCKER_CONFIG: join(home, "docker") } });
    });
  });

  describe("that refuse say why, and what to do:", () => {
    const wrong = {
      registry: { username: "test", password: "wr0ng" },
      hub: { password: "wr0ng" },
      google: { json: googleFiles.serviceAccount.replace("pusher@", "other@") },
      azure: { token: jsonWebToken("other", 3600) },
    };
    const cases: readonly (readonly [
      what: string,
      name: keyof typeof at,
      component: Component,
      code: ErrorCode,
      message: RegExp,
    ])[] = [
      [
        "a wrong password",
        "password",
        registry("default", at.password, { configuration: { authenticationSecret: "registry" } }),
        "pushFailed",
        /rejected the credentials/,
      ],
      [
        "a wrong password of Docker Hub",
        "hub",
        registry("dockerhub", at.hub, { connector: "hub" }),
        "pushFailed",
        /incorrect username or password|unauthorized/,
      ],
      [
        "no password",
        "password",
        registry("default", at.password),
        "pushFailed",
        /requires credentials to push .*none were found/,
      ],
      [
        "a wrong token of Azure",
        "azure",
        registry("azure", at.azure, { connector: "azure" }),
        "connectorFailed",
        /refused the request to exchange the token .*authentication required/,
      ],
      [
        "a proxy that knows no such host",
        "nowhere",
        registry("default", at.nowhere),
        "pushFailed",
        /Bad Gateway\. The daemon's proxy blocked the request\. Check HTTPS_PROXY/,
      ],
      [
        "no TLS where it was not said to be insecure",
        "strict",
        registry("default", at.strict),
        "pushFailed",
        /insecure-registries/,
      ],
    ];
    for (const [what, name, component, code, message] of cases) {
      it(what, async () => {
        await core.get("configure", { connectors, secrets: { ...secrets, ...wrong } });
        const { failure } = await buildAndPush(component, `${at[name]}/${uniqueName()}:1`);
        assert.equal(failure?.code, code);
        assert.match(failure?.message ?? "", message);
        const check = await core.get("check", { registry: component, repository: "app" });
        assert.equal(check.outcome, "failed", "the check of the credentials finds it, too");
      });
    }
  });

  it("need no program of Docker, neither to build nor to push [Z86][Z99]", async () => {
    const alone = await world.namespace.core({ ...world.env, HOME: home });
    await alone.get("configure", { env: { PATH: "/nonexistent" } });
    const repository = uniqueName();
    const imageName = `${at.plain}/${repository}:1`;
    const root = temporaryFolder({ Dockerfile: "FROM scratch\nCOPY . /\n" });
    const { digest } = await alone.get("buildAndPush", {
      root,
      imageName,
      builder: localBuilder,
      registry: registry("default", at.plain),
      options: {},
    });
    assert.equal(digest, world.stored("plain", repository, "1"));
  });

  it("with a private authority are trusted once Docker's folder has its certificate, without a restart", async () => {
    const component = registry("default", at.company);
    const { failure } = await buildAndPush(component, `${at.company}/${uniqueName()}:1`);
    assert.match(
      failure?.message ?? "",
      /x509.*save its CA certificate as \/etc\/docker\/certs\.d\/<registry>\/ca\.crt/,
    );
    const check = await core.get("check", { registry: component });
    assert.ok(
      check.outcome === "failed" && /untrusted authority \(x509\).*\/etc\/docker\/certs\.d/.test(check.message),
      JSON.stringify(check),
    );
    world.namespace.trust(at.company, world.company.certificate);
    await core.get("configure", {});
    const repository = uniqueName();
    assert.equal(
      (await buildAndPush(component, `${at.company}/${repository}:1`)).result?.digest,
      world.stored("company", repository, "1"),
    );
    assert.deepEqual(await core.get("check", { registry: component }), { host: at.company, outcome: "notWanted" });
  });

  describe("a login that has ended between the sign-in and the push is made again:", () => {
    const component = registry("gcp", `${at.google}/my-project/repo`, { connector: "google" });
    const signIns = () => world.hosts.seen.filter(({ host }) => host === "oauth2.googleapis.com").length;
    /** The passwords that Google's registry was shown. */
    const shown = () =>
      world.hosts.seen
        .filter(({ host, url, authorization }) => host === at.google && url.startsWith("/v2/token") && authorization)
        .map(({ authorization = "" }) => Buffer.from(authorization.slice(6), "base64").toString().split(":")[1]);

    async function pushAfter(change: () => Promise<void>) {
      const repository = uniqueName("my-project/repo/app");
      const imageName = `${at.google}/${repository}:1`;
      assert.equal((await buildAndPush(undefined, imageName)).failure?.message, undefined);
      world.hosts.seen.length = 0;
      world.issuer.google.clear();
      await core.get("login", { connector: "google", registry: `${at.google}/my-project/repo` });
      await change();
      world.issuer.lifetimeSeconds = undefined;
      const outcome = await core.run("push", { registry: component, imageName });
      assert.equal(outcome.failure?.message, undefined);
      assert.equal(outcome.result?.split("@")[1], world.stored("google", repository, "1"));
      assert.equal(signIns(), 2);
      return outcome;
    }
    const passing = (endMs: number) =>
      new Promise<void>((resolve) => setTimeout(resolve, Math.max(0, endMs - Date.now())));

    it("once it ends within 300 s, so that the registry never sees it [Z136]", async () => {
      world.issuer.lifetimeSeconds = 301;
      await pushAfter(() => passing(Date.now() + 1100));
      const [first, second] = world.issuer.google.keys();
      assert.ok(first && second && !shown().includes(first) && shown().includes(second));
    });

    it("once it has ended, where no tolerance is wanted [Z136]", async () => {
      const [, google] = connectors;
      assert.ok(google);
      await core.get("configure", { connectors: [{ ...google, expirySkewSeconds: 0 }], secrets });
      world.issuer.lifetimeSeconds = 1;
      await pushAfter(async () => passing([...world.issuer.google.values()][0] ?? 0));
    });

    it("once the registry says so, where the service has ended it before its time", async () => {
      const { logged } = await pushAfter(async () => world.issuer.google.clear());
      assert.ok(
        logged.some((line) =>
          /no longer accepts the login from the connector "google"\. Pushing with a new one/.test(line),
        ),
        logged.join("\n"),
      );
    });
  });
});
