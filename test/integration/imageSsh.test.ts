import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, readdirSync, readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { Image } from "../../src/core/image/image";
import { buildImage, ownPlatform } from "../support/buildImage";
import { build, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { programFiles, startSshAgent, type SshAgent } from "../support/sshAgent";
import { startSshServer, type SshServer } from "../support/sshServer";
import { pythonProject, uvLock } from "../support/uv/pythonProject";
import { uvStandIn } from "../support/uv/standIn";

describe("a Python package of a Git repository over SSH", function () {
  this.timeout(120_000);
  const base = `${uniqueName("git-base")}:1`;
  let agent: SshAgent;
  let server: SshServer;
  let uvImage: string;
  let url: string;
  let commit: string;
  let strange: string;

  before(async () => {
    agent = await startSshAgent();
    const folder = temporaryFolder();
    server = await startSshServer(folder, `${agent.keyFile}.pub`);
    strange = server.knownHost.replace(/ssh-ed25519 .*/, readFileSync(`${agent.keyFile}.pub`, "utf8").trim());
    const project = temporaryFolder(pythonProject("", { name: "tools", value: "from the repository" }));
    const git = (...words: readonly string[]): string =>
      execFileSync("git", ["-C", project, "-c", "user.name=test", "-c", "user.email=test@localhost", ...words], {
        encoding: "utf8",
      }).trim();
    git("init", "--quiet");
    git("add", ".");
    git("commit", "--quiet", "--message", "first");
    commit = git("rev-parse", "HEAD");
    url = `ssh://${userInfo().username}@127.0.0.1:${server.port}${project}`;
    uvImage = await uvStandIn();
    await buildBase();
  });
  after(() => {
    agent.stop();
    server.stop();
    removeTemporaryFolders();
  });

  /** Builds a base with Python, and this machine's git and SSH client. */
  async function buildBase(): Promise<void> {
    const root = temporaryFolder({
      ...programFiles(["git", "ssh"], "usr/bin"),
      Dockerfile:
        "FROM python-base:3.11\nCOPY root /\n" +
        "RUN grep -q ^root: /etc/passwd || echo root:x:0:0::/root:/bin/sh >> /etc/passwd\n",
    });
    for (const file of readdirSync(join(root, "root"), { recursive: true, withFileTypes: true }))
      if (file.isFile()) chmodSync(join(file.parentPath, file.name), 0o755);
    await build({ root, imageName: base });
  }

  const start = (): Image<true> =>
    Image.fromBase(base).clone({ name: uniqueName("ssh"), extendable: true, platform: ownPlatform });
  const sshMount = { knownHosts: "known_hosts" };
  const show = `python -c 'import tools; print(tools.value)' # ${uniqueName()}`;

  const built = async (image: Image, files: Record<string, string>, ssh?: Record<string, string>): Promise<string> => {
    const root = temporaryFolder({ known_hosts: server.knownHost, ...files });
    const build = await buildImage(
      image,
      { root, uvImage },
      { networkMode: "host", ssh: ssh ?? { default: agent.socket } },
    );
    return build.output;
  };

  it("is installed with the agent of the build, of which nothing stays", async () => {
    const image = start()
      .withPipPackages(`tools @ git+${url}`, { sshMount, extraArgs: "--no-build-isolation" })
      .withCommands([
        show,
        `! test -s /etc/ssh/ssh_known_hosts2 && ! test -S /run/buildkit/ssh_agent.0 # ${uniqueName()}`,
      ]);
    assert.match(await built(image, {}), /^from the repository$/m);
  });

  it("is installed by the lock file of its project", async () => {
    const image = start().withUvProject("pyproject.toml", { sshMount }).withCommands([show]);
    const output = await built(image, {
      ...pythonProject("", {
        name: "app",
        dependencies: ["tools"],
        more: `[tool.uv.sources]\ntools = { git = "${url}" }\n`,
      }),
      "uv.lock": uvLock([
        { name: "app", source: '{ editable = "." }', dependencies: ["tools"] },
        { name: "tools", source: `{ git = "${url}#${commit}" }` },
      ]),
    });
    assert.match(output, /^from the repository$/m);
  });

  it("is not fetched from a server with another host key, nor from one whose key is unknown", async () => {
    const ask = `git ls-remote ${url} 2>&1 | grep -A 1 -E 'IDENTIFICATION HAS CHANGED|Host key verification failed'`;
    const changed = start().withCommands(ask, { sshMount });
    assert.match(await built(changed, { known_hosts: strange }), /HOST IDENTIFICATION HAS CHANGED/);
    const unknown = start().withCommands(ask, { sshMount: "default" });
    assert.match(await built(unknown, {}), /^Host key verification failed/m);
  });

  it("is not built without the agent that it names", async () => {
    const image = start().withPipPackages(`tools @ git+${url}`, { sshMount: { id: "deploy", ...sshMount } });
    await assert.rejects(built(image, {}), { code: "sshAgentUnavailable", message: /the SSH agent "deploy"/ });
  });
});
