import assert from "node:assert/strict";
import { chmodSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, describe, it } from "mocha";
import { dockerConfigCredentials } from "../../../src/core/credentials/dockerConfig";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { endsSoon } from "../../support/process";
import { pathWith, writeProgram } from "../../support/program";
import {
  secret,
  hub,
  me,
  dockerConfig,
  base64,
  writes,
  gives,
  none,
  failsWith,
  assertNoSecret,
} from "./dockerConfigSupport";
const broken = "console.log('the keyring is locked'); process.exitCode = 3;";
const runsOn = `
const { spawn } = require("node:child_process");
const { renameSync, writeFileSync } = require("node:fs");
const { pid } = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"]);
writeFileSync(process.env.FOLDER + "/started", String(pid));
renameSync(process.env.FOLDER + "/started", process.env.FOLDER + "/pid");`;

describe("dockerConfigCredentials", () => {
  after(removeTemporaryFolders);

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
        await sourceOf({ credHelpers: { "ghcr.io": "one" }, credsStore: "two", auths }),
        'credential helper "one"',
      );
      for (const key of ["https://ghcr.io", "ghcr.io/team", "ghcr.io/"]) {
        // Docker knows the helper of a host by nothing else.
        const source = await sourceOf({ credHelpers: { [key]: "one" }, credsStore: "two", auths });
        assert.equal(source, 'credential helper "two"');
      }
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
