import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, describe, it } from "mocha";
import { dockerConfigCredentials } from "../../../src/core/credentials/dockerConfig";
import type { CredentialAnswer } from "../../../src/core/credentials/credentialSource";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { recordingOperation } from "../../support/operation";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { endsSoon } from "../../support/process";
import { pathWith, writeProgram } from "../../support/program";

const secret = "s3cr3t:with/colon+é";
const hub = "https://index.docker.io/v1/";
const me = { username: "me", password: secret };

/** A Docker configuration with helpers: programs in a folder of PATH, `server` being what they were asked for. */
function dockerConfig(
  config: object | string,
  helpers: Readonly<Record<string, string>> = {},
  helperTimeoutMs?: number,
) {
  const folder = temporaryFolder({ "config.json": typeof config === "string" ? config : JSON.stringify(config) });
  for (const [name, code] of Object.entries(helpers)) {
    writeProgram(
      join(folder, "bin"),
      `docker-credential-${name}`,
      `const server = require("node:fs").readFileSync(0, "utf8");\n${code}\n`,
    );
  }
  const env = { ...process.env, PATH: pathWith(join(folder, "bin")), FOLDER: folder };
  const { log, logged } = recordingOperation();
  const source = dockerConfigCredentials({ configDir: folder, env, log, ...(helperTimeoutMs && { helperTimeoutMs }) });
  return {
    folder,
    logged,
    find: (host: string, signal?: AbortSignal): Promise<CredentialAnswer | undefined> =>
      source.find(host, undefined, signal),
  };
}

const base64 = (text: string) => Buffer.from(text).toString("base64");
const writes = (text: string) => `process.stdout.write(${JSON.stringify(text)});`;
const gives = (username: string, password: string) =>
  writes(JSON.stringify({ ServerURL: "x", Username: username, Secret: password }));
const none = "console.log('credentials not found in native keychain'); process.exitCode = 1;";
const broken = "console.log('the keyring is locked'); process.exitCode = 3;";
const runsOn = `
const { spawn } = require("node:child_process");
const { renameSync, writeFileSync } = require("node:fs");
const { pid } = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"]);
writeFileSync(process.env.FOLDER + "/started", String(pid));
renameSync(process.env.FOLDER + "/started", process.env.FOLDER + "/pid");`;

/** Expects `credentialsFailed` with these words, and no trace of the secret in what a person or a log could see. */
function failsWith(...words: (string | RegExp)[]) {
  return (error: unknown) => {
    assert.ok(ImageBuilderError.is(error, "credentialsFailed"), String(error));
    for (const word of words)
      assert.ok(
        typeof word === "string" ? error.message.includes(word) : word.test(error.message),
        `${word} in: ${error.message}`,
      );
    assertNoSecret([error.message, error.stack ?? "", String(error.cause), JSON.stringify(error)]);
    return true;
  };
}

function assertNoSecret(texts: readonly string[]): void {
  for (const text of texts) {
    for (const form of [secret, base64(`me:${secret}`), "s3cr3t"])
      assert.ok(!text.includes(form), `the secret is in: ${text}`);
  }
}

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

    it("the plain key is preferred to one with a path, and an empty entry is passed over", async () => {
      const entries = {
        "ghcr.io/team": { auth: base64("team:x") },
        "https://ghcr.io": {},
        "ghcr.io": { auth: base64("plain:x") },
      };
      assert.deepEqual((await dockerConfig({ auths: entries }).find("ghcr.io"))?.credentials, {
        username: "plain",
        password: "x",
      });
      const rest = { ...entries, "ghcr.io": {} };
      assert.deepEqual((await dockerConfig({ auths: rest }).find("ghcr.io"))?.credentials, {
        username: "team",
        password: "x",
      });
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

  describe("a credential helper", () => {
    it("is asked for the host, without a newline, and its login is used", async () => {
      const { find, folder } = dockerConfig(
        { credsStore: "store" },
        { store: `require("node:fs").writeFileSync(process.env.FOLDER + "/asked", server); ${gives("me", secret)}` },
      );
      assert.deepEqual(await find("127.0.0.1:5000"), { credentials: me, source: 'credential helper "store"' });
      assert.equal(readFileSync(join(folder, "asked"), "utf8"), "127.0.0.1:5000");
      for (const host of ["docker.io", "index.docker.io"]) {
        await find(host);
        assert.equal(readFileSync(join(folder, "asked"), "utf8"), hub);
      }
    });

    it("gives an identity token for the user <token>", async () => {
      const { find } = dockerConfig({ credsStore: "store" }, { store: gives("<token>", secret) });
      assert.deepEqual((await find("ghcr.io"))?.credentials, { identityToken: secret });
    });

    it("of the host goes before the store, and the store before auths", async () => {
      const helpers = { one: gives("one", "x"), two: gives("two", "x"), nothing: none };
      const auths = { "ghcr.io": { auth: base64("auths:x") } };
      const sourceOf = async (config: object) => (await dockerConfig(config, helpers).find("ghcr.io"))?.source;
      assert.equal(
        await sourceOf({ credHelpers: { "https://ghcr.io": "one" }, credsStore: "two", auths }),
        'credential helper "one"',
      );
      assert.equal(
        await sourceOf({ credHelpers: { "ghcr.io": "nothing" }, credsStore: "two", auths }),
        'credential helper "two"',
      );
      assert.equal(
        await sourceOf({ credHelpers: { "quay.io": "one" }, credsStore: "nothing", auths }).then((source) =>
          source?.startsWith("Docker config"),
        ),
        true,
      );
    });

    it("that has none, or an empty answer, is no error", async () => {
      for (const script of [none, none.replace("log", "error"), gives("", "")]) {
        const { find, logged } = dockerConfig({ credsStore: "store" }, { store: script });
        assert.equal(await find("ghcr.io"), undefined);
        assert.deepEqual(logged, []);
      }
    });

    it("that fails is an error with its own words", async () => {
      const { find, folder } = dockerConfig({ credsStore: "store" }, { store: broken });
      await assert.rejects(
        find("ghcr.io"),
        failsWith(
          "docker-credential-store",
          "the keyring is locked",
          "exit code 3",
          "credsStore",
          join(folder, "config.json"),
        ),
      );
    });

    it("that fails does not hide the store or auths of the same host, and is reported", async () => {
      const config = {
        credHelpers: { "ghcr.io": "bad" },
        credsStore: "absent",
        auths: { "ghcr.io": { auth: base64(`me:${secret}`) } },
      };
      const { find, logged } = dockerConfig(config, { bad: broken });
      assert.deepEqual((await find("ghcr.io"))?.credentials, me);
      assert.equal(logged.length, 2);
      assert.match(logged[0] ?? "", /^warn: .*docker-credential-bad.*the keyring is locked/);
      assert.match(logged[1] ?? "", /^warn: .*docker-credential-absent.*not in PATH/);
      assertNoSecret(logged);
    });

    it("without a name turns the store off for its host, and only for that", async () => {
      const config = {
        credHelpers: { "ghcr.io": "" },
        credsStore: "store",
        auths: { "ghcr.io": { auth: base64(`me:${secret}`) } },
      };
      const { find, logged } = dockerConfig(config, { store: gives("stored", "x") });
      assert.deepEqual((await find("ghcr.io"))?.credentials, me);
      assert.deepEqual((await find("quay.io"))?.credentials, { username: "stored", password: "x" });
      assert.deepEqual(logged, []);
    });

    it("that writes more after its answer is read as Docker reads it", async () => {
      const { find } = dockerConfig({ credsStore: "store" }, { store: `${gives("me", "x")} console.log("bye");` });
      assert.deepEqual((await find("ghcr.io"))?.credentials, { username: "me", password: "x" });
    });

    it("of one host does not matter to another", async () => {
      const { find, logged } = dockerConfig({
        credHelpers: { "ghcr.io": "absent" },
        auths: { "quay.io": { auth: base64("me:x") } },
      });
      assert.ok(await find("quay.io"));
      assert.deepEqual(logged, []);
    });

    it("that is not installed is an error with the remedy", async () => {
      const { find, folder } = dockerConfig({ credHelpers: { "ghcr.io": "absent" } });
      await assert.rejects(
        find("ghcr.io"),
        failsWith("docker-credential-absent", "credHelpers", join(folder, "config.json"), "not in PATH: install it"),
      );
    });

    it("that is no program is an error", async () => {
      const { find, folder } = dockerConfig({ credsStore: "store" }, { store: none });
      chmodSync(join(folder, "bin/docker-credential-store"), 0o644);
      await assert.rejects(find("ghcr.io"), failsWith("docker-credential-store", /can't be started|not in PATH/));
    });

    for (const name of ["../evil", "a/b", "a b", "a;b", "$(x)", "-x", ".."]) {
      it(`named "${name}" is never started`, async () => {
        await assert.rejects(
          dockerConfig({ credsStore: name }).find("ghcr.io"),
          failsWith(`"${name}"`, "not a valid program name"),
        );
      });
    }

    const leaks: [what: string, script: string][] = [
      ["fails after it wrote the login", `${gives("me", secret)} process.exitCode = 1;`],
      [
        "fails and tells the secret as its reason",
        `${gives("me", secret)} console.error("bad secret ${secret}"); process.exitCode = 1;`,
      ],
      ["breaks off within the login", writes(`{"Username":"me","Secret":"${secret}`)],
      ["writes the login with a note before it", `console.log("note"); ${gives("me", secret)}`],
      ["gives fields of other names", writes(`{"user":"me","pass":"${secret}"}`)],
      ["gives a secret that is a list", writes(`{"Username":"me","Secret":["${secret}"]}`)],
    ];
    for (const [what, script] of leaks) {
      it(`that ${what} fails without the secret in the error or the log`, async () => {
        const { find, logged } = dockerConfig({ credsStore: "store" }, { store: script });
        await assert.rejects(find("ghcr.io"), failsWith("docker-credential-store"));
        assertNoSecret(logged);
      });
    }

    it("that does not end is ended, with all it has started", async () => {
      // On a busy machine it may not even begin in the first time it is given.
      for (const givenMs of [300, 3_000, 30_000]) {
        const { find, folder } = dockerConfig({ credsStore: "store" }, { store: runsOn }, givenMs);
        await assert.rejects(
          find("ghcr.io"),
          failsWith("docker-credential-store", `did not answer within ${givenMs / 1000} s`),
        );
        if (!existsSync(join(folder, "pid"))) continue;
        const pid = Number(readFileSync(join(folder, "pid"), "utf8"));
        return assert.ok(await endsSoon(pid), "the helper's child is still running");
      }
      assert.fail("the helper has never begun");
    });

    it("that is no longer wanted is ended, with all it has started", async () => {
      const { find, folder } = dockerConfig({ credsStore: "store" }, { store: runsOn });
      const given = new AbortController();
      const answer = find("ghcr.io", given.signal);
      while (!existsSync(join(folder, "pid"))) await sleep(10);
      given.abort(new Error("given up"));
      await assert.rejects(answer, /^Error: given up$/);
      const pid = Number(readFileSync(join(folder, "pid"), "utf8"));
      assert.ok(await endsSoon(pid), "the helper's child is still running");
      await assert.rejects(find("ghcr.io", given.signal), /^Error: given up$/);
    });

    it("that writes without end is ended", async () => {
      const { find } = dockerConfig(
        { credsStore: "store" },
        { store: 'const go = (error) => error || process.stdout.write("y\\n".repeat(1000), go); go();' },
        20_000,
      );
      await assert.rejects(find("ghcr.io"), failsWith("returned too much output"));
    });

    it("that does not read the question may answer all the same", async () => {
      const folder = temporaryFolder({ "config.json": '{"credsStore":"deaf"}' });
      writeProgram(folder, "docker-credential-deaf", gives("me", "x"));
      const answer = await dockerConfigCredentials({
        configDir: folder,
        env: { ...process.env, PATH: pathWith(folder) },
      }).find("ghcr.io");
      assert.deepEqual(answer?.credentials, { username: "me", password: "x" });
    });
  });
});
