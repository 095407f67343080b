import assert from "node:assert/strict";
import { chmodSync } from "node:fs";
import { askCredentialHelper } from "../../../src/core/credentials/credentialHelper";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";

const answer = '{"Username": "somebody", "Secret": "s3cret"}';

describe("a credential helper that is a script", () => {
  after(removeTemporaryFolders);

  /** A script for a POSIX shell, and the batch file of the same name that cloud tools have on Windows. */
  function helper(name: string, shell: string, batch: string): NodeJS.ProcessEnv {
    const folder = temporaryFolder({
      [`docker-credential-${name}`]: `#!/bin/sh\n${shell}\n`,
      [`docker-credential-${name}.cmd`]: `@echo off\r\n${batch}\r\n`,
    });
    chmodSync(`${folder}/docker-credential-${name}`, 0o755);
    return { ...process.env, PATH: folder };
  }

  const asked = (name: string, env: NodeJS.ProcessEnv) =>
    askCredentialHelper({ name, server: "registry.test", namedIn: "config.json", env, timeoutMs: 60_000 });

  it("gives its credentials", async () => {
    const env = helper("cloud", `echo '${answer}'`, `echo ${answer}`);
    assert.deepEqual(await asked("cloud", env), { username: "somebody", password: "s3cret" });
  });

  it("is told as failed with its own words", async () => {
    const env = helper("late", "echo 'the session has expired'\nexit 3", "echo the session has expired\r\nexit /b 3");
    await assert.rejects(asked("late", env), {
      code: "credentialsFailed",
      message: /^The credential helper "docker-credential-late".* failed .*\(exit code 3\): the session has expired/,
    });
  });
});
