import assert from "node:assert/strict";
import { join } from "node:path";
import { podmanAuthFiles, userLogins } from "../../../src/core/credentials/podmanAuth";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { recordingOperation } from "../../support/operation";

const logins = (host: string, login: string): string =>
  JSON.stringify({ auths: { [host]: { auth: Buffer.from(login).toString("base64") } } });

describe("the logins of a user", () => {
  after(removeTemporaryFolders);

  /** Looks for a login where Docker and Podman have these files. */
  async function find(host: string, files: Readonly<Record<string, string>>, more: NodeJS.ProcessEnv = {}) {
    const folder = temporaryFolder(files);
    const { log, logged } = recordingOperation();
    const env = { XDG_RUNTIME_DIR: join(folder, "run"), XDG_CONFIG_HOME: join(folder, "config"), ...more };
    const answer = await userLogins({ configDir: join(folder, "docker"), env, log }).find(host);
    return { answer, logged, folder };
  }

  it("are Docker's before Podman's", async () => {
    const files = {
      "docker/config.json": logins("ghcr.io", "docker:a"),
      "run/containers/auth.json": logins("ghcr.io", "podman:b"),
    };
    assert.deepEqual((await find("ghcr.io", files)).answer?.credentials, { username: "docker", password: "a" });
  });

  it("are Podman's where Docker has none, those of the session before those of the user", async () => {
    const files = {
      "run/containers/auth.json": logins("ghcr.io", "session:a"),
      "config/containers/auth.json": JSON.stringify({
        ...(JSON.parse(logins("ghcr.io", "user:b")) as object),
      }),
    };
    const { answer, folder } = await find("ghcr.io", files);
    assert.deepEqual(answer?.credentials, { username: "session", password: "a" });
    assert.equal(answer?.source, `Podman's login file "${join(folder, "run/containers/auth.json")}"`);
    const other = { "config/containers/auth.json": logins("quay.io", "user:b") };
    assert.deepEqual((await find("quay.io", other)).answer?.credentials, { username: "user", password: "b" });
  });

  it("are in the file that REGISTRY_AUTH_FILE names, and then in no other of Podman's", () => {
    assert.deepEqual(podmanAuthFiles({ REGISTRY_AUTH_FILE: "/a.json", XDG_RUNTIME_DIR: "/run" }, "/home/me"), [
      "/a.json",
    ]);
    assert.deepEqual(podmanAuthFiles({ XDG_RUNTIME_DIR: "/run" }, "/home/me"), [
      join("/run", "containers", "auth.json"),
      join("/home/me", ".config", "containers", "auth.json"),
    ]);
  });

  it("are in Podman's own folder where there is no session, as Podman has it on Linux", () => {
    const user = join("/home/me", ".config", "containers", "auth.json");
    const own = process.platform === "linux" ? [join("/run", "containers", "1000", "auth.json")] : [];
    assert.deepEqual(podmanAuthFiles({}, "/home/me", 1000), [...own, user]);
  });

  it("are found in any, though another is broken, which is reported", async () => {
    const files = { "docker/config.json": "not JSON", "run/containers/auth.json": logins("ghcr.io", "podman:b") };
    const { answer, logged } = await find("ghcr.io", files);
    assert.deepEqual(answer?.credentials, { username: "podman", password: "b" });
    assert.match(logged.join(), /docker.config\.json" is not valid JSON/);
    await assert.rejects(find("quay.io", files), (error) => ImageBuilderError.is(error, "credentialsFailed"));
  });

  it("are read where text follows the JSON, as Docker reads it", async () => {
    const files = { "docker/config.json": `${logins("ghcr.io", "me:}{")}\n# a note\n` };
    assert.deepEqual((await find("ghcr.io", files)).answer?.credentials, { username: "me", password: "}{" });
  });

  it("are none where nobody has logged in", async () => assert.equal((await find("ghcr.io", {})).answer, undefined));
});
