import assert from "node:assert/strict";
import { join } from "node:path";
import { Image } from "../../../src/core/image/image";
import { renderDockerfile } from "../../../src/core/image/render/dockerfile";
import { resolveImage } from "../../../src/core/image/resolve/resolve";
import { secretId, secretsOf } from "../../../src/core/image/definition/secret";
import { secretSources } from "../../../src/core/image/plan/secretSources";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { imageProject } from "../../support/imageProject";

const start = Image.fromBase("busybox").clone({ name: "app", extendable: true });

describe("the secrets of an image", () => {
  after(removeTemporaryFolders);

  it("are asked for by key, as an object or as a list [F62]", () => {
    const key = { key: "my-token", asEnvVar: "MY_TOKEN", group: undefined };
    for (const request of ["my-token", { key: "my-token" }, ["my-token"], [{ key: "my-token" }]] as const)
      assert.deepEqual(secretsOf("test", request), [key]);
    assert.deepEqual(secretsOf("test", undefined), []);
  });

  it("are in a variable named after group and key unless one is named [F63]", () => {
    const variableOf = (secret: { key: string; group?: string; asEnvVar?: string }) =>
      secretsOf("test", secret)[0]?.asEnvVar;
    assert.equal(variableOf({ key: "api-key", group: "team-a" }), "TEAM_A_API_KEY");
    assert.equal(variableOf({ key: "api.key", asEnvVar: "API_KEY" }), "API_KEY");
  });

  it("have Flyte's ids [F65]", () => {
    const idOf = (key: string) => secretsOf("test", key).map(secretId);
    assert.deepEqual(idOf("GITHUB_PAT"), ["1051219658801317877"]);
    assert.deepEqual(idOf("my_secret"), ["2939258309080769114"]);
  });

  it("have different ids when they differ in anything [F65]", () => {
    const secrets = [{ key: "a" }, { key: "a", group: "g" }, { key: "a", mount: "/a" }, { key: "a", asEnvVar: "B" }];
    assert.equal(new Set(secretsOf("test", secrets).map(secretId)).size, secrets.length);
  });

  it("come from the environment, the store or a file, and are missed by name [F67]", () => {
    const secretsFolder = temporaryFolder({ "g_in-file": "x", key: "y" });
    const image = (key: string, group?: string) => start.withCommands("true", { secretMounts: { key, group } });
    const find = (image: Image) =>
      Object.values(
        secretSources(image, { environment: { G_KEY: "v", EMPTY: "" }, secretsFolder, storedSecrets: ["kept"] }),
      );
    assert.deepEqual(find(image("key", "g")), [{ env: "G_KEY" }]);
    assert.deepEqual(find(image("kept")), [{ secret: "kept" }]);
    assert.deepEqual(find(image("in-file", "g")), [{ file: join(secretsFolder, "g_in-file") }]);
    assert.throws(() => find(image("empty")), {
      code: "secretUnavailable",
      message: /"empty" is not stored, and neither the environment variable EMPTY nor the file/,
    });
  });

  it("are passed once each, those of every kind of layer among them [F68] [F69]", () => {
    const secretMounts = "token";
    const image = start
      .withAptPackages("a", { secretMounts })
      .withPipPackages("a", { secretMounts })
      .withRequirements("r.txt", { secretMounts: "requirements" })
      .withUvProject("pyproject.toml", { secretMounts: "uv" })
      .withPoetryProject("pyproject.toml", { secretMounts: ["poetry", "token"] })
      .withCommands("true", { secretMounts: "commands" });
    const environment = { TOKEN: "1", REQUIREMENTS: "2", UV: "3", POETRY: "4", COMMANDS: "5" };
    assert.deepEqual(
      Object.values(secretSources(image, { environment }))
        .map((source) => "env" in source && source.env)
        .sort(),
      Object.keys(environment).sort(),
    );
  });

  it("have no value in the Dockerfile, though the machine knows it [F70]", () => {
    process.env.IMAGE_TEST_TOKEN = "hunter2";
    const image = start.withPipPackages("a", {
      secretMounts: "IMAGE_TEST_TOKEN",
      indexUrl: "https://u:$IMAGE_TEST_TOKEN@host",
    });
    const { text } = renderDockerfile(resolveImage(image, { root: imageProject() }), "app:1");
    delete process.env.IMAGE_TEST_TOKEN;
    assert.ok(text.includes("$IMAGE_TEST_TOKEN@host"));
    assert.ok(!text.includes("hunter2"));
  });
});
