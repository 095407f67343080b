import assert from "node:assert/strict";
import { RepositoryLogins } from "../../../src/core/engine/repositoryLogins";
import { decodeMessage } from "../../../src/core/transport/message";
import { Op } from "../../../src/core/transport/proto/ops.pb";

describe("the address of a repository", () => {
  it("is told without its login, which BuildKit asks for by a name of its own", () => {
    const logins = new RepositoryLogins("1.42");
    assert.equal(logins.contextOf("https://me:p%40ss@host:8443/a/b.git#main:sub"), "input:repository-0");
    assert.equal(logins.contextOf("https://token@host:8443/a/b.git#main"), "input:repository-1");
    assert.deepEqual(
      [...logins.secrets.values()],
      ["me:p@ss", "token:"].map((login) => `Basic ${Buffer.from(login).toString("base64")}`),
    );
    const [id = ""] = logins.secrets.keys();
    assert.match(id, /^repository-login-[0-9a-f-]{36}$/);
    const [source, end] = logins.inputs.get("repository-0")?.def ?? [];
    assert.deepEqual(decodeMessage(Op, source ?? assert.fail()).source, {
      identifier: "git://host:8443/a/b.git#main:sub",
      attrs: { "git.fullurl": "https://host:8443/a/b.git", "git.authheadersecret": id },
    });
    assert.equal(decodeMessage(Op, end ?? assert.fail()).inputs.length, 1);
  });

  for (const address of [
    "https://host/a.git#main",
    "https://me:pw@host/file.tar",
    "https://me:pw@host/a.git?ref=main",
    "https://me:pw@host/a.git",
    "git@host:a.git",
    "docker-image://alpine",
  ])
    it(`is told as it is where there is no login, or the daemon must know it: ${address}`, () => {
      const logins = new RepositoryLogins("1.46");
      assert.equal(logins.contextOf(address), address);
      assert.equal(logins.secrets.size, 0);
    });
});
