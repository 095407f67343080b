import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ImageBuilderError } from "../../src/core/base/errors";
import { build, outputOf, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { recordingOperation } from "../support/operation";
import { sshProgramFiles, startSshAgent, type SshAgent } from "../support/sshAgent";

describe("an SSH agent in a build", () => {
  let agent: SshAgent;
  let programs: Record<string, Buffer>;
  const usersAgent = process.env["SSH_AUTH_SOCK"];

  before(async () => {
    agent = await startSshAgent();
    programs = sshProgramFiles();
  });
  beforeEach(() => {
    process.env["SSH_AUTH_SOCK"] = agent.socket;
  });
  after(() => {
    agent.stop();
    if (usersAgent === undefined) delete process.env["SSH_AUTH_SOCK"];
    else process.env["SSH_AUTH_SOCK"] = usersAgent;
    removeTemporaryFolders();
  });

  /** Runs a command that sees the agent, and gives what it writes. */
  async function run(command: string, ssh: Record<string, string> | undefined, flags = ""): Promise<string> {
    const root = temporaryFolder({
      ...programs,
      Dockerfile: `FROM busybox:1.35\nCOPY root /\nENV PATH=/bin:/ssh\nRUN --mount=type=ssh${flags} ${command}\n`,
    });
    for (const file of readdirSync(join(root, "root"), { recursive: true, withFileTypes: true }))
      if (file.isFile()) chmodSync(join(file.parentPath, file.name), 0o755);
    const operation = recordingOperation();
    await build({
      root,
      imageName: `${uniqueName()}:1`,
      options: { builder: "buildkit", noCache: true, ssh },
      operation,
    });
    return outputOf(operation.events);
  }

  it("lists its keys to a step", async () => {
    assert.ok((await run("ssh-add -l", { default: "agent" })).includes(agent.fingerprint));
  });

  it("may be named by its socket, and have an id of its own", async () => {
    assert.ok((await run("ssh-add -l", { mine: agent.socket }, ",id=mine,required")).includes(agent.fingerprint));
  });

  it("signs, and the signature is good", async () => {
    const output = await run(
      "ssh-add -L > /tmp/key.pub && echo hello > /tmp/text && ssh-keygen -q -Y sign -f /tmp/key.pub -n test " +
        "/tmp/text && cat /tmp/text.sig",
      { default: "agent" },
    );
    const folder = temporaryFolder({
      "text.sig": /-----BEGIN SSH SIGNATURE-----[^]*-----END SSH SIGNATURE-----\n/.exec(output)?.[0] ?? "",
    });
    const checked = execFileSync(
      "ssh-keygen",
      ["-Y", "check-novalidate", "-n", "test", "-s", join(folder, "text.sig")],
      { input: "hello\n", encoding: "utf8" },
    );
    assert.ok(checked.includes(agent.fingerprint), checked);
  });

  it("cannot be robbed of its keys or locked by a step", async () => {
    const output = await run("ssh-add -D || echo kept; ssh-add -d /dev/null || true; ssh-add -l", { default: "agent" });
    assert.match(output, /kept/);
    assert.ok(output.includes(agent.fingerprint));
    assert.equal(agent.keys(), 1);
  });

  it("may be a private key, for which an agent runs as long as the build", async () => {
    const folders = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith("image-builders-ssh-"));
    const before = folders();
    assert.ok((await run("ssh-add -l", { default: agent.keyFile })).includes(agent.fingerprint));
    assert.deepEqual(folders(), before);
  });

  it("may be a private key, whose agent is there before it listens", async () => {
    const folder = temporaryFolder({
      "ssh-agent": '#!/bin/sh\ntouch "$3"\nsleep 0.5\nrm "$3"\nexec /usr/bin/ssh-agent "$@"\n',
    });
    chmodSync(join(folder, "ssh-agent"), 0o755);
    const path = process.env["PATH"];
    process.env["PATH"] = `${folder}:${path}`;
    try {
      assert.ok((await run("ssh-add -l", { default: agent.keyFile })).includes(agent.fingerprint));
    } finally {
      process.env["PATH"] = path;
    }
  });

  it("that is optional and not given is not there", async () => {
    assert.match(await run("ssh-add -l || echo there is none", undefined), /there is none/);
  });

  it("that is wanted and not given is refused before anything is built", async () => {
    await refuses(undefined, /^Dockerfile, line 2: the SSH agent "default" is not available to the build/);
  });

  it("that does not run is refused before anything is built", async () => {
    process.env["SSH_AUTH_SOCK"] = "/nowhere/agent";
    await refuses({ default: "agent" }, /there is no agent or key at "\/nowhere\/agent" \(ENOENT/);
    delete process.env["SSH_AUTH_SOCK"];
    await refuses({ default: "agent" }, /SSH_AUTH_SOCK is not set/);
  });

  it("that left its socket behind, or is none, is refused", async () => {
    const socket = join(temporaryFolder(), "socket");
    const server = createServer((connection) => connection.end()).listen(socket);
    await new Promise((resolve) => server.once("listening", resolve));
    await refuses({ default: socket }, /doesn't respond \(it closed the connection\)/);
    server.close();
  });

  it("that should use a key with a passphrase is refused, in the words of ssh-add", async () => {
    const key = join(temporaryFolder(), "key");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "passphrase", "-f", key]);
    await refuses({ default: key }, /can't use the private key ".*key" \(.+\)\. Use a key without a passphrase/s);
    writeFileSync(key, "no key\n");
    await refuses({ default: key }, /can't use the private key/);
  });

  async function refuses(ssh: Record<string, string> | undefined, message: RegExp): Promise<void> {
    const root = temporaryFolder({ Dockerfile: "FROM busybox:1.35\nRUN --mount=type=ssh,required=true true\n" });
    const operation = recordingOperation();
    await assert.rejects(
      build({ root, imageName: `${uniqueName()}:1`, options: { builder: "buildkit", ssh }, operation }),
      (error) => {
        assert.ok(ImageBuilderError.is(error, "sshAgentUnavailable"), String(error));
        assert.match(error.message, message);
        return true;
      },
    );
    assert.deepEqual(operation.events, []);
  }
});
