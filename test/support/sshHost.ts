import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { delimiter, join } from "node:path";
import { ensurePackages } from "../../scripts/setup/debian.mjs";
import { temporaryFolder, writeFiles } from "./folder";
import { startSshServer, type SshServer } from "./sshServer";

/**
 * Stands where the docker CLI would: joins its stdio to the socket in `DOCKER_HOST`, as `docker system dial-stdio`
 * does.
 */
const dialStdio = `#!${process.execPath}
const command = process.argv.slice(2).join(" ");
if (command !== "system dial-stdio") throw new Error("not expected: " + command);
const socket = require("node:net").connect(process.env.DOCKER_HOST.replace("unix://", ""));
socket.on("error", (error) => {
  const { DOCKER_HOST } = process.env;
  const words = "Cannot connect to the Docker daemon at " + DOCKER_HOST + ". Is the docker daemon running? ";
  console.error(words + error.code);
  process.exit(1);
});
process.stdin.pipe(socket).pipe(process.stdout);
socket.on("close", () => process.exit(0));
`;

/** Stands where buildctl would: joins its stdio to the socket in `--addr`, as `buildctl dial-stdio` does. */
const dialBuildkit = `#!${process.execPath}
const [, address, ...command] = process.argv.slice(2);
if (command.join(" ") !== "dial-stdio") throw new Error("not expected: " + process.argv.slice(2));
const socket = require("node:net").connect(address.replace("unix://", ""));
socket.on("error", (error) => {
  console.error("error: dial " + address + ": " + error.code);
  process.exit(1);
});
process.stdin.pipe(socket).pipe(process.stdout);
socket.on("close", () => process.exit(0));
`;

/**
 * An ssh server of its own on 127.0.0.1 behind which a daemon is found, and a way for this process's `ssh` to it under
 * the name `box`. The name's configuration stands in a file that an `ssh` in front of PATH hands to the real one; it
 * notes each start in `starts`.
 */
export class SshHost {
  readonly folder = temporaryFolder();
  #server: SshServer | undefined;
  #path: string | undefined;

  async start(dockerHost: string): Promise<void> {
    await ensurePackages({ "openssh-client": "ssh" }, "The ssh test");
    const at = (name: string) => join(this.folder, name);
    for (const name of ["user-key", "strange-key"])
      execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", at(name)]);
    this.#server = await startSshServer(this.folder, at("user-key.pub"), [
      `SetEnv DOCKER_HOST=${dockerHost} PATH=${at("far")}`,
    ]);
    const { port, knownHost } = this.#server;
    writeFiles(this.folder, {
      known_hosts: knownHost,
      strange_hosts: `[127.0.0.1]:${port} ${readFileSync(at("strange-key.pub"), "utf8")}`,
      "far/docker": dialStdio,
      "far/buildctl": dialBuildkit,
      "near/ssh": `#!/bin/sh\necho $$ >> ${at("starts")}\nexec /usr/bin/ssh -F ${at("ssh_config")} "$@"\n`,
      starts: "",
    });
    for (const program of ["far/docker", "far/buildctl", "near/ssh"]) chmodSync(at(program), 0o755);
    this.configure();
    this.#path = process.env["PATH"];
    process.env["PATH"] = [at("near"), this.#path].join(delimiter);
  }

  /** Writes what the user's ssh configuration says of `box`; the names are of files in the folder. */
  configure({ key = "user-key", knownHosts = "known_hosts" } = {}): void {
    const lines = [
      "HostName 127.0.0.1",
      `Port ${this.#server?.port}`,
      `User ${userInfo().username}`,
      `IdentityFile ${this.folder}/${key}`,
      "IdentitiesOnly yes",
      "IdentityAgent none",
      "StrictHostKeyChecking yes",
      `UserKnownHostsFile ${this.folder}/${knownHosts}`,
      "GlobalKnownHostsFile /dev/null",
      "LogLevel ERROR",
    ];
    writeFiles(this.folder, { ssh_config: ["Host box", ...lines].join("\n") });
  }

  /** The ids of the `ssh` processes that were started since the last call. */
  newProcesses(): number[] {
    const pids = readFileSync(join(this.folder, "starts"), "utf8").trim().split("\n").filter(Boolean).map(Number);
    writeFiles(this.folder, { starts: "" });
    return pids;
  }

  stop(): void {
    if (this.#path !== undefined) process.env["PATH"] = this.#path;
    this.#server?.stop();
  }
}
