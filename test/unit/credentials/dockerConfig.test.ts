import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "mocha";
import { dockerConfigCredentials } from "../../../src/core/credentials/dockerConfig";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { secret, hub, me, dockerConfig, base64, writes, gives, none, failsWith } from "./dockerConfigSupport";

describe("dockerConfigCredentials", () => {
  after(removeTemporaryFolders);

  describe("auths of Docker's config", () => {
    const keys: [key: string, host: string][] = [
      ["ghcr.io", "ghcr.io"],
      ["https://ghcr.io", "ghcr.io"],
      ["http://127.0.0.1:5000", "127.0.0.1:5000"],
      ["https://ghcr.io/v1/", "ghcr.io"],
      ["https://ghcr.io/v2/", "ghcr.io"],
      ["ghcr.io/", "ghcr.io"],
      ["ghcr.io/team", "ghcr.io"],
      ["GHCR.io", "ghcr.io"],
      [hub, "docker.io"],
      ["docker.io", "docker.io"],
      ["index.docker.io", "docker.io"],
      ["registry-1.docker.io", "docker.io"],
      [hub, "index.docker.io"],
      [hub, "registry-1.docker.io"],
    ];
    for (const [key, host] of keys) {
      it(`the key "${key}" is for ${host}`, async () => {
        const { find, folder } = dockerConfig({ auths: { [key]: { auth: base64(`me:${secret}`) } } });
        assert.deepEqual(await find(host), {
          credentials: me,
          source: `Docker config "${join(folder, "config.json")}"`,
        });
      });
    }

    it("another host or port gets nothing", async () => {
      const { find } = dockerConfig({
        auths: { "127.0.0.1:5000": { auth: base64("me:x") }, "evil-ghcr.io": { auth: base64("me:x") } },
      });
      for (const host of ["127.0.0.1:5001", "127.0.0.1", "ghcr.io", "docker.io"])
        assert.equal(await find(host), undefined);
    });

    it("the plain key is preferred to one with a path, even if its entry is empty, as in Docker", async () => {
      const entries = {
        "ghcr.io/team": { auth: base64("team:x") },
        "https://ghcr.io": {},
        "ghcr.io": { auth: base64("plain:x") },
      };
      assert.deepEqual((await dockerConfig({ auths: entries }).find("ghcr.io"))?.credentials, {
        username: "plain",
        password: "x",
      });
      assert.equal(await dockerConfig({ auths: { ...entries, "ghcr.io": {} } }).find("ghcr.io"), undefined);
    });

    it("of keys with a path, of which Docker takes any, one that leads to the repository is preferred", async () => {
      const entries = {
        "ghcr.io/other": { auth: base64("other:x") },
        "ghcr.io/team": { auth: base64("team:x") },
        "https://ghcr.io/team/app": { auth: base64("app:x") },
      };
      const source = dockerConfig({ auths: entries });
      const nameFor = async (repository?: string) => {
        const found = await source.find("ghcr.io", undefined, repository);
        return found && "username" in found.credentials ? found.credentials.username : undefined;
      };
      assert.deepEqual(
        [await nameFor("team/app"), await nameFor("team/apple"), await nameFor("team"), await nameFor()],
        ["app", "team", "team", "other"],
      );
    });

    const entries: [what: string, entry: object, credentials: object | undefined][] = [
      ["an identity token", { auth: base64("me:"), identitytoken: secret }, { identityToken: secret }],
      [
        "a token for the registry itself",
        { auth: base64("me:x"), identitytoken: "other", registrytoken: secret },
        { registryToken: secret },
      ],
      ["a name and password in plain text", { username: "me", password: secret }, me],
      ["null instead of text", { auth: null, identitytoken: null }, undefined],
      ["zero bytes after the password", { auth: base64(`me:${secret}\0\0`) }, me],
      ["base64 with line breaks", { auth: `${base64(`me:${secret}`)}\r\n` }, me],
      ["base64 without its padding", { auth: base64(`me:${secret}`).replace(/=+$/, "") }, me],
      ["an empty password", { auth: base64("me:") }, { username: "me", password: "" }],
    ];
    for (const [what, entry, credentials] of entries) {
      it(`an entry with ${what} is understood`, async () => {
        assert.deepEqual(
          (await dockerConfig({ auths: { "ghcr.io": entry } }).find("ghcr.io"))?.credentials,
          credentials,
        );
      });
    }

    for (const auth of ["%%%", base64("nocolon"), base64(":nobody"), "a b"]) {
      it(`the auth "${auth}" is an error for its host alone`, async () => {
        const { find, folder } = dockerConfig({ auths: { "ghcr.io": { auth }, "quay.io": { auth: base64("me:x") } } });
        await assert.rejects(find("ghcr.io"), failsWith("ghcr.io", join(folder, "config.json"), /log in again/i));
        assert.ok(await find("quay.io"));
      });
    }
  });

  describe("names in any case", () => {
    const configs: [what: string, config: object | string][] = [
      ["CredsStore", { CredsStore: "store" }],
      ["CREDSSTORE", { CREDSSTORE: "store" }],
      ["CREDHELPERS", { CREDHELPERS: { "ghcr.io": "store" } }],
      ["Auths and Auth", { Auths: { "ghcr.io": { Auth: base64(`me:${secret}`) } } }],
      ["UserName and PASSWORD", { auths: { "ghcr.io": { UserName: "me", PASSWORD: secret } } }],
      ["the last of two stores", '{"credsStore":"none","CredsStore":"store"}'],
      ["the last of two stores, which is the usual one", '{"CREDSSTORE":"none","credsStore":"store"}'],
      ["the helpers of both", { credHelpers: { "quay.io": "none" }, CredHelpers: { "ghcr.io": "store" } }],
    ];
    for (const [what, config] of configs) {
      it(`count: ${what}`, async () => {
        const { find } = dockerConfig(config, { store: gives("me", secret), none });
        assert.deepEqual((await find("ghcr.io"))?.credentials, me);
      });
    }

    it("count in the answer of a helper", async () => {
      const answer = JSON.stringify({ serverurl: "x", USERNAME: "me", secret });
      const { find } = dockerConfig({ credsStore: "store" }, { store: writes(answer) });
      assert.deepEqual((await find("ghcr.io"))?.credentials, me);
    });

    it("are told as they are usual where a value is wrong", async () => {
      await assert.rejects(dockerConfig({ CREDSSTORE: [secret] }).find("ghcr.io"), failsWith('fix "credsStore"'));
    });
  });

  describe("a Docker config", () => {
    it("that is absent or empty has no logins", async () => {
      assert.equal(await dockerConfigCredentials({ configDir: "/nonexistent", env: {} }).find("ghcr.io"), undefined);
      assert.equal(await dockerConfig("").find("ghcr.io"), undefined);
      assert.equal(await dockerConfig("{}").find("ghcr.io"), undefined);
    });

    it("is where DOCKER_CONFIG says", async () => {
      const { folder } = dockerConfig({ auths: { "ghcr.io": { auth: base64("me:x") } } });
      assert.ok(await dockerConfigCredentials({ env: { DOCKER_CONFIG: folder } }).find("ghcr.io"));
    });

    it("may have null for any of its parts, as Docker takes it", async () => {
      const login = { auth: base64("me:x") };
      for (const config of [
        { auths: null, credHelpers: null },
        { auths: { "ghcr.io": null }, credHelpers: { "ghcr.io": null } },
      ]) {
        assert.equal(await dockerConfig(config).find("ghcr.io"), undefined);
      }
      assert.ok(
        await dockerConfig({ auths: { "quay.io": null, "ghcr.io": login }, credHelpers: { "quay.io": null } }).find(
          "ghcr.io",
        ),
        "the other entry counts",
      );
    });

    const wrong: [what: string, text: string, words: string][] = [
      ["no JSON", `{"auths":{"ghcr.io":{"auth":"${base64(`me:${secret}`)}"`, "not valid JSON"],
      ["JSON with a secret where it breaks", `{"auths":{"ghcr.io":{"password":${secret}}}}`, "not valid JSON"],
      ["a list", "[]", "is not valid: fix the whole file"],
      ["an auth that is a number", '{"auths":{"ghcr.io":{"auth":5}}}', "auths.ghcr.io.auth"],
      ["a store that is a list", '{"credsStore":["pass"]}', "credsStore"],
    ];
    for (const [what, text, words] of wrong) {
      it(`that is ${what} is an error that names the file`, async () => {
        const { find, folder } = dockerConfig(text);
        await assert.rejects(find("ghcr.io"), failsWith(join(folder, "config.json"), words));
      });
    }

    it("that cannot be read is an error that names the file", async () => {
      const folder = temporaryFolder();
      mkdirSync(join(folder, "config.json"));
      await assert.rejects(
        dockerConfigCredentials({ configDir: folder }).find("ghcr.io"),
        failsWith("Can't read", join(folder, "config.json")),
      );
    });
  });
});
