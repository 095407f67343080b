import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, truncateSync } from "node:fs";
import { dirname, join } from "node:path";
import { readSmallFile } from "../../../src/core/border/readSmallFile";
import { askCredentialHelper } from "../../../src/core/credentials/credentialHelper";
import { dockerConfigCredentials } from "../../../src/core/credentials/dockerConfig";
import { readDockerContext } from "../../../src/core/transport/dockerContext";
import { gitHead } from "../../../src/core/process/git";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../../support/folder";
import { assertPlain, measured } from "../../support/hostileAnswers";

const password = "s3cr3t-s3cr3t-s3cr3t";
const auth = Buffer.from(`user:${password}`).toString("base64");

/** What may stand where a configuration is expected; a function makes something else than a text. */
const hostileFiles: Readonly<Record<string, string | ((file: string) => void)>> = {
  "a pipe that nobody writes to": (file) => void execFileSync("mkfifo", [file]),
  "a folder": (file) => void mkdirSync(file),
  "a file of 4 GiB": (file) => (
    writeFiles(dirname(file), { [file.slice(dirname(file).length + 1)]: "" }),
    truncateSync(file, 2 ** 32)
  ),
  "half of an object": `{"auths":{"ghcr.io":{"auth":"${auth}"`,
  "a deep text": "[".repeat(5_000_000),
  "a million values": `{"auths":[${"1,".repeat(1_000_000)}1]}`,
  "another type": `["${auth}"]`,
  "logins of another type": `{"auths":{"ghcr.io":"${auth}"},"Name":7,"Endpoints":{"docker":"${auth}"}}`,
  "helpers of another type": `{"credHelpers":{"ghcr.io":["${auth}"]},"Name":"x","Endpoints":{"docker":{"Host":{}}}}`,
  "a helper that is no program's name": '{"credsStore":"../../evil; x","Name":"x","Endpoints":{"docker":{"Host":""}}}',
  "keys of every object":
    `{"auths":{"__proto__":{"auth":"${auth}"},"ghcr.io":{"auth":7}},"__proto__":{"credsStore":"x"},` +
    '"Endpoints":{"__proto__":{"docker":{"Host":"x"}}}}',
};

function place(file: string, content: string | ((file: string) => void)): void {
  mkdirSync(dirname(file), { recursive: true });
  if (typeof content === "string") writeFiles(dirname(file), { [file.slice(dirname(file).length + 1)]: content });
  else content(file);
}

describe("a file that somebody else writes", function () {
  this.timeout(30_000);
  after(removeTemporaryFolders);

  for (const [what, content] of Object.entries(hostileFiles)) {
    it(`is named in plain words as Docker's configuration when it is ${what}`, async () => {
      const configDir = temporaryFolder();
      place(join(configDir, "config.json"), content);
      const { failure, ms, peakMiB } = await measured(() =>
        dockerConfigCredentials({ configDir, env: { PATH: "/nonexistent" } }).find("ghcr.io"),
      );
      assertPlain(failure, what);
      assert.ok(!failure.message.includes(auth) && !failure.message.includes(password));
      assert.ok(ms < 2_000 && peakMiB < 64, `${Math.round(ms)} ms, ${Math.round(peakMiB)} MiB`);
    });

    it(`is named in plain words as a Docker context when it is ${what}`, async () => {
      const folder = temporaryFolder();
      place(join(folder, "contexts", "meta", createHash("sha256").update("mine").digest("hex"), "meta.json"), content);
      for (const name of ["mine", "other"]) {
        const { failure, ms, peakMiB } = await measured(() => readDockerContext(name, folder));
        assertPlain(failure, what);
        assert.ok(!failure.message.includes(auth));
        assert.ok(ms < 2_000 && peakMiB < 64, `${Math.round(ms)} ms, ${Math.round(peakMiB)} MiB`);
      }
    });
  }

  it("is read whole up to its limit, and not at all above", async () => {
    const folder = temporaryFolder({ small: "a".repeat(1000), empty: "" });
    assert.equal(await readSmallFile(join(folder, "small"), 1000), "a".repeat(1000));
    assert.equal(await readSmallFile(join(folder, "empty")), "");
    await assert.rejects(readSmallFile(join(folder, "small"), 999), /larger than/);
    await assert.rejects(readSmallFile("/dev/zero"), /it is not a file/);
    // A file of /proc says that it is empty, and is not.
    assert.match(await readSmallFile("/proc/self/status"), /^Name:/);
  });
});

describe("a program that is asked for logins or for Git's state", function () {
  this.timeout(60_000);
  after(removeTemporaryFolders);

  const outputs: Readonly<Record<string, string>> = {
    "wrong types": `echo '{"Username":["u"],"Secret":{"a":"${password}"}}'`,
    "half of an answer": `printf '{"Username":"u","Secret":"${password}'`,
    "a page": `echo '<html>${password}</html>'`,
    "a line without an end": "cat /dev/zero | tr '\\0' x",
    "errors without an end": "cat /dev/zero | tr '\\0' x >&2",
    "a deep answer": "head -c 900000 /dev/zero | tr '\\0' '['",
    "an error that quotes the secret":
      `echo '{"Username":"u","Secret":"${password}"}'; ` + `printf 'bad\\033[31m ${password}\\r\\n' >&2; exit 1`,
    nothing: "exit 0",
  };
  for (const [what, script] of Object.entries(outputs)) {
    it(`is named in plain words when it writes ${what}`, async () => {
      const folder = temporaryFolder({ "docker-credential-odd": `#!/bin/sh\n${script}\n` });
      chmodSync(join(folder, "docker-credential-odd"), 0o755);
      const env = { PATH: `${folder}:/usr/bin:/bin` };
      const before = process.env["PATH"];
      process.env["PATH"] = env.PATH;
      try {
        const { failure, ms, peakMiB } = await measured(() =>
          askCredentialHelper({ name: "odd", server: "ghcr.io", namedIn: "a test", env, timeoutMs: 5_000 }),
        );
        assertPlain(failure, what);
        assert.ok(!failure.message.includes(password), failure.message);
        assert.ok(ms < 4_000 && peakMiB < 32, `${Math.round(ms)} ms, ${Math.round(peakMiB)} MiB`);
      } finally {
        process.env["PATH"] = before;
      }
    });
  }

  it("tells no commit that is none", async () => {
    const before = process.env["PATH"];
    for (const script of ["cat /dev/zero | tr '\\0' x", "printf 'evil\\033[31m'", "echo '$(x)'", "exit 1"]) {
      const folder = temporaryFolder({ git: `#!/bin/sh\n${script}\n` });
      chmodSync(join(folder, "git"), 0o755);
      process.env["PATH"] = `${folder}:/usr/bin:/bin`;
      const { result, ms } = await measured(() => gitHead("/"));
      assert.deepEqual(result, { shortSha: undefined, branch: undefined }, script);
      assert.ok(ms < 6_000);
    }
    process.env["PATH"] = before;
  });
});
