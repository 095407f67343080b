import assert from "node:assert/strict";
import { ImageBuilderError, type ErrorCode } from "../../../src/core/base/errors";
import { connectorServices, connectorsOf } from "../../support/connectors";
import { localBuilder, uniqueName } from "../../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { Moto, type MotoKeys } from "../../support/moto";
import type { CoreProcess } from "../../support/namespace/coreProcess";
import { at, RealNames } from "../../support/namespace/realNames";
import { registry } from "./realNamesAccounts";

const region = "us-east-1";
const pushes = {
  Effect: "Allow",
  Action: ["ecr:GetAuthorizationToken", "ecr:DescribeRepositories", "ecr:CreateRepository"],
  Resource: "*",
};

describe("a registry of ECR as moto has it, which knows who may do what", function () {
  this.timeout(180_000);
  let world: RealNames;
  let moto: Moto;
  let pusher: MotoKeys;
  let nobody: MotoKeys;

  before(async () => {
    moto = await Moto.start();
    const taking = { Effect: "Allow", Action: "sts:*", Resource: "*" };
    [pusher, nobody] = [await moto.user("pusher", pushes), await moto.user("nobody", taking)];
    await moto.role("pusher", pushes);
    await moto.close();
    world = await RealNames.start();
    for (const service of ["api.ecr", "sts"]) world.hosts.serve(`${service}.${region}.amazonaws.com`, moto.address);
  });
  after(async () => {
    await world?.stop();
    await moto?.stop();
    removeTemporaryFolders();
  });

  const recordOf = (authMethod: string, keys: MotoKeys, more: object = {}) => ({
    name: "mine",
    type: "aws",
    authMethod,
    configuration: { region, accessKeyId: keys.accessKeyId, secretAccessKey: "{{aws.key}}", ...more },
  });
  const roleArn = "arn:aws:iam::123456789012:role/pusher";

  async function login(authMethod: string, keys: MotoKeys, more: object = {}) {
    const connectors = connectorsOf(
      [recordOf(authMethod, keys, more)],
      { aws: { key: keys.secretAccessKey } },
      connectorServices({ ...world.hosts.env, AWS_EC2_METADATA_DISABLED: "true" }),
    );
    const { registry: host, username, password } = await (await connectors.get("mine")).connect(at.amazonMoto);
    return { host, username, password };
  }

  const account = at.amazonMoto.slice(0, 12);
  const ways: readonly (readonly [authMethod: string, keys: () => MotoKeys, more?: object])[] = [
    ["secret-key", () => pusher],
    ["iam-role", () => nobody, { roleArn }],
  ];
  for (const [authMethod, keys, more] of ways) {
    it(`gives a login to another account's registry, by ${authMethod}`, async () => {
      assert.deepEqual(await login(authMethod, keys(), more), {
        host: at.amazonMoto,
        username: "AWS",
        password: `${account}-auth-token`,
      });
    });
  }

  const refusals: readonly (readonly [what: string, keys: () => MotoKeys, code: ErrorCode, words: RegExp])[] = [
    [
      "the secret key is wrong",
      () => ({ ...pusher, secretAccessKey: "wr0ng" }),
      "connectorFailed",
      /Check the secret access key/,
    ],
    [
      "the key is not known",
      () => ({ ...pusher, accessKeyId: "AKIAUNKNOWN0000000000" }),
      "connectorFailed",
      /Check that the access key ID is correct/,
    ],
    ["the account may not sign in", () => nobody, "connectorFailed", /Ask an administrator of the AWS account/],
  ];
  for (const [what, keys, code, words] of refusals) {
    it(`says that ${what}`, async () => {
      await assert.rejects(
        login("secret-key", keys()),
        (error) => ImageBuilderError.is(error, code) && words.test(error.message) && !error.message.includes("wr0ng"),
      );
    });
  }

  it("takes a push into a repository that is made for it", async () => {
    const core: CoreProcess = await world.namespace.core({ ...world.env, HOME: temporaryFolder() });
    const secrets = { aws: { key: pusher.secretAccessKey } };
    await core.get("configure", { connectors: [recordOf("secret-key", pusher)], secrets });
    const component = registry("aws", at.amazonMoto, {
      connector: "mine",
      configuration: { createMissingRepositories: true },
    });
    const repository = uniqueName("team/app");
    const imageName = `${at.amazonMoto}/${repository}:1`;
    const root = temporaryFolder({ Dockerfile: "FROM scratch\nCOPY . /\n", "a.txt": imageName });
    const push = () =>
      core.run("buildAndPush", { root, imageName, builder: localBuilder, registry: component, options: {} });
    const first = await push();
    assert.equal(first.failure?.message, undefined);
    assert.ok(first.logged.some((line) => line.includes(`Created the repository "${repository}"`)));
    assert.equal(first.result?.digest, world.stored("amazonMoto", repository, "1"));
    const second = await push();
    assert.equal(second.failure?.message, undefined);
    assert.ok(!second.logged.some((line) => line.includes("repository")), second.logged.join("\n"));
    assert.equal((await core.get("check", { registry: component, repository })).outcome, "mayPush");
  });
});
