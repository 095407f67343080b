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

  describe("in Podman's file", () => {
    const auth = (login: string) => ({ auth: Buffer.from(login).toString("base64") });

    /** The user name that is found for a repository in a file of Podman. */
    async function nameFor(file: object, host: string, repository?: string): Promise<string | undefined> {
      const folder = temporaryFolder({ "auth.json": JSON.stringify(file) });
      const env = { REGISTRY_AUTH_FILE: join(folder, "auth.json") };
      const found = await userLogins({ configDir: join(folder, "docker"), env }).find(host, { repository });
      return found && "username" in found.credentials ? found.credentials.username : undefined;
    }

    const auths = {
      "registry.test:5000": auth("host:x"),
      "registry.test:5000/team": auth("team:x"),
      "registry.test:5000/team/app": auth("app:x"),
      "registry.test:5000/team/open": {},
      "docker.io/library": auth("library:x"),
      "https://index.docker.io/v1/": auth("hub:x"),
      "only.test/team/app": auth("only:x"),
      "https://old.test/v1/": auth("old:x"),
    };
    const cases: readonly (readonly [host: string, repository: string | undefined, name: string | undefined])[] = [
      ["registry.test:5000", "team/app", "app"],
      ["registry.test:5000", "team/app/deep/er", "app"],
      ["registry.test:5000", "team/apple", "team"],
      ["registry.test:5000", "team", "team"],
      ["registry.test:5000", "teams/app", "host"],
      ["registry.test:5000", undefined, "host"],
      // An empty entry is a decision, too.
      ["registry.test:5000", "team/open", undefined],
      ["docker.io", "library/busybox", "library"],
      ["docker.io", "me/app", "hub"],
      ["only.test", "team/app", "only"],
      ["only.test", "team/other", undefined],
      ["only.test", undefined, undefined],
      ["old.test", "team/app", "old"],
    ];
    for (const [host, repository, name] of cases)
      it(`${name ?? "no login"} is that of ${[host, repository].filter(Boolean).join("/")}`, async () =>
        assert.equal(await nameFor({ auths }, host, repository), name));

    it("a store of all hosts is not asked, which Podman doesn't know there", async () => {
      const file = { credsStore: "absent", auths: { "ghcr.io": auth("me:x") } };
      assert.equal(await nameFor(file, "ghcr.io", "team/app"), "me");
    });

    it("a login of a file before is taken, though a later file has one that fits better", async () => {
      const files = {
        "run/containers/auth.json": logins("ghcr.io", "session:a"),
        "config/containers/auth.json": logins("ghcr.io/team/app", "user:b"),
      };
      const folder = temporaryFolder(files);
      const env = { XDG_RUNTIME_DIR: join(folder, "run"), XDG_CONFIG_HOME: join(folder, "config") };
      const source = userLogins({ configDir: join(folder, "docker"), env });
      const found = await source.find("ghcr.io", { repository: "team/app" });
      assert.deepEqual(found?.credentials, { username: "session", password: "a" });
    });
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
