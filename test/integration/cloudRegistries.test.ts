import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { ensurePackages } from "../../scripts/setup/debian.mjs";
import type { Component } from "../../src/core/base/component";
import { authMethod } from "../../src/core/clouds/authMethod";
import type { ConnectorSource } from "../../src/core/connectors/connectorSource";
import type { ConnectorType } from "../../src/core/clouds/connectorType";
import { dockerConnector } from "../../src/core/connectors/docker";
import { ServiceConnector } from "../../src/core/connectors/serviceConnector";
import { createEngineAccess } from "../../src/core/engine/engineAccess";
import { ImageBuilderError } from "../../src/core/base/errors";
import { createComponent } from "../../src/core/flavors/createComponent";
import type { ImplementationServices } from "../../src/core/contracts/services";
import { FlavorRegistry } from "../../src/core/flavors/flavorRegistry";
import { AwsContainerRegistry } from "../../src/core/registries/awsContainerRegistry";
import { Authority } from "../support/certificates";
import { awsKeys, awsRegistry, serveClouds } from "../support/clouds";
import { connectorServices, connectorsOf } from "../support/connectors";
import { authRegistry, build, coreOn, given, login, registryDigest, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { NamedHosts } from "../support/namedHosts";
import { recordingOperation } from "../support/operation";

describe("a push to Amazon's registry", function () {
  this.timeout(60_000);
  let hosts: NamedHosts;
  before(async () => {
    await ensurePackages({ openssl: "openssl" }, "The test of Amazon's registry");
    hosts = await NamedHosts.start(new Authority(temporaryFolder(), "clouds"));
    serveClouds(hosts);
  });
  after(async () => {
    await hosts.stop();
    removeTemporaryFolders();
  });

  const connector = {
    name: "mine",
    type: "aws",
    authMethod: "secret-key",
    configuration: { region: "us-east-1", accessKeyId: awsKeys.accessKeyId, secretAccessKey: "{{aws.key}}" },
  };

  /** Pushes without a daemon, so that what comes before the push itself is all that happens. */
  async function push(
    imageName: string,
    { configuration = {}, key = awsKeys.secretAccessKey as string, linked = true } = {},
  ) {
    const operation = recordingOperation();
    const cloud = connectorServices({ ...hosts.env, AWS_EC2_METADATA_DISABLED: "true" }, { log: operation.log });
    const services: ImplementationServices = {
      engine: createEngineAccess({ dockerHost: "unix:///nowhere/docker.sock" }),
      credentials: { find: async () => undefined },
      connectors: connectorsOf([connector], { aws: { key } }, cloud),
      cloud,
    };
    const component: Component = {
      name: "ecr",
      type: "container_registry",
      flavor: "aws",
      configuration: { uri: awsRegistry, ...configuration },
      ...(linked && { connector: "mine" }),
    };
    const registry = await createComponent("container_registry", component, new FlavorRegistry(), services);
    assert.ok(registry instanceof AwsContainerRegistry);
    if (!imageName.startsWith("public.ecr.aws/")) assert.equal(registry.region, "us-east-1");
    const failure = await registry.pushImage(imageName, operation).then(
      () => undefined,
      (error: unknown) => error,
    );
    return {
      failure,
      warnings: operation.logged.filter((line) => !line.startsWith("debug")),
      isTried: operation.logged.some((line) => line.includes(`Pushing ${imageName}`)),
    };
  }

  it("of a repository that is there, on whichever page, is quiet [Z131][Z135]", async () => {
    for (const name of ["team/first", "team/second"]) {
      const { warnings } = await push(`${awsRegistry}/${name}:1`);
      assert.deepEqual(warnings, [
        `info: Pushing ${awsRegistry}/${name}:1 with credentials from the connector "mine".`,
      ]);
    }
  });

  it("of a repository that is not there warns, lists those that are, and is tried all the same [Z133]", async () => {
    const { warnings, isTried } = await push(`${awsRegistry}/team/third:1`);
    assert.match(warnings[0] ?? "", /^warn: .* has no repository "team\/third" \(existing: team\/first, team\/second/);
    assert.ok(isTried);
  });

  it("makes the repository if that is configured", async () => {
    const { warnings } = await push(`${awsRegistry}/team/made:1`, {
      configuration: { createMissingRepositories: true },
    });
    assert.match(warnings[0] ?? "", /^info: Created the repository "team\/made"/);
    assert.match((await push(`${awsRegistry}/team/made:1`)).warnings[0] ?? "", /^info: Pushing/);
  });

  it("of ECR Public knows the repositories of the account by their whole path", async () => {
    const configuration = { uri: "public.ecr.aws" };
    const there = await push("public.ecr.aws/team/app:1", { configuration });
    assert.deepEqual(there.warnings, [
      'info: Pushing public.ecr.aws/team/app:1 with credentials from the connector "mine".',
    ]);
    const missing = await push("public.ecr.aws/team/other:1", { configuration });
    assert.match(missing.warnings[0] ?? "", /has no repository "team\/other" \(existing: team\/app\)/);
    assert.ok(missing.isTried);
  });

  it("of another account asks for the repositories of that one", async () => {
    const uri = "210987654321.dkr.ecr-fips.us-east-1.amazonaws.com";
    hosts.seen.length = 0;
    await push(`${uri}/team/first:1`, { configuration: { uri } });
    const asked = hosts.seen.map(({ headers, body }) => [
      headers["x-amz-target"]?.split(".")[1],
      (JSON.parse(body) as { registryId?: string; registryIds?: string[] }).registryId,
    ]);
    assert.deepEqual(asked, [
      ["DescribeRepositories", "210987654321"],
      ["DescribeRepositories", "210987654321"],
      ["GetAuthorizationToken", undefined],
    ]);
  });

  it("without credentials warns that the repository must be there, and is tried all the same [Z134]", async () => {
    const { warnings, isTried } = await push(`${awsRegistry}/team/first:1`, { linked: false });
    assert.match(
      warnings[0] ?? "",
      /^warn: Can't check whether .* has the repository "team\/first".*not signed in to AWS/,
    );
    assert.ok(isTried);
  });

  it("of a name that is none is refused before anything is asked [Z132]", async () => {
    hosts.seen.length = 0;
    for (const name of [`${awsRegistry}/Team:1`, `${awsRegistry}/a:b:c`]) {
      assert.ok(ImageBuilderError.is((await push(name)).failure, "imageNameInvalid"));
    }
    assert.deepEqual(hosts.seen, []);
  });
});

describe("a push with a connector's login", function () {
  this.timeout(120_000);
  after(removeTemporaryFolders);

  /** A connector whose logins are these, one after the other. */
  function connectorWith(passwords: readonly string[]) {
    let asked = 0;
    const method = authMethod<object>({
      displayName: "Test",
      configSchema: dockerConnector.authMethods["password"]?.configSchema ?? assert.fail(),
      login: async ({ resourceId }) => ({
        registry: resourceId,
        username: login().username,
        password: passwords[Math.min(asked++, passwords.length - 1)] ?? "",
        expiresAtMs: Date.now() + 3600_000,
      }),
    });
    const type: ConnectorType = { ...dockerConnector, isSingleInstance: false };
    const connector = new ServiceConnector(
      { name: "mine", type: "docker", authMethod: "test", configuration: {} },
      type,
      method,
      {},
      connectorServices(),
    );
    const source: ConnectorSource = {
      list: async () => [connector.record],
      get: async () => connector,
      with: () => source,
    };
    return { source, asked: () => asked };
  }

  async function push(passwords: readonly string[]) {
    const { source, asked } = connectorWith(passwords);
    const core = coreOn();
    const operation = recordingOperation();
    const imageName = `${authRegistry()}/${uniqueName()}:1`;
    await build({
      root: temporaryFolder({ Dockerfile: "FROM scratch\nCOPY . /\n", "a.txt": uniqueName() }),
      imageName,
      core,
      operation,
    });
    const component: Component = {
      name: "mine",
      type: "container_registry",
      flavor: "default",
      configuration: { uri: authRegistry() },
      connector: "mine",
    };
    const registry = await createComponent("container_registry", component, core.flavors, {
      ...core.services,
      connectors: source,
    });
    return { imageName, operation, asked, result: registry.pushImage(imageName, operation) };
  }

  it("leaves nothing of it in Docker's configuration [Z124][Z125]", async () => {
    const folder = given("DOCKER_CONFIG");
    const before = readdirSync(folder);
    await (
      await push([login().password])
    ).result;
    assert.deepEqual(readdirSync(folder), before);
  });

  it("that the registry no longer takes is made again, once [Z122]", async () => {
    const { result, imageName, asked, operation } = await push(["has-expired", login().password]);
    assert.equal((await result).split("@")[1], await registryDigest(imageName, login()));
    assert.equal(asked(), 2);
    assert.ok(
      operation.logged.some((line) =>
        /no longer accepts the login from the connector "mine"\. Pushing with a new one/.test(line),
      ),
    );
  });

  it("that is refused twice fails, and tells no password", async () => {
    const { result, asked, operation } = await push(["wr0ng"]);
    await assert.rejects(
      result,
      (error) =>
        ImageBuilderError.is(error, "pushFailed") &&
        !`${String(error)}${JSON.stringify(operation.logged)}`.includes("wr0ng"),
    );
    assert.equal(asked(), 2);
  });
});
