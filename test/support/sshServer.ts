import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { ensurePackages } from "../../scripts/setup/debian.mjs";
import { writeFiles } from "./folder";
import { until } from "./until";

const sshd = "/usr/sbin/sshd";

/** A real sshd on 127.0.0.1. */
export interface SshServer {
  readonly port: number;
  /** Its line of a file of known hosts. */
  readonly knownHost: string;
  stop(): void;
}

/**
 * Starts an sshd with a host key of its own, for the user that runs the tests.
 *
 * @param folder for its files, among them `host-key`
 * @param authorizedKeys file of the public keys that may sign in
 * @param settings further lines of its configuration
 */
export async function startSshServer(
  folder: string,
  authorizedKeys: string,
  settings: readonly string[] = [],
): Promise<SshServer> {
  await ensurePackages({ "openssh-server": sshd, "openssh-client": "ssh" }, "The ssh test");
  const hostKey = join(folder, "host-key");
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", hostKey]);
  const port = await freePort();
  const isRoot = process.getuid?.() === 0;
  // Debian's sshd, started as root, wants this folder, which its service would make.
  if (isRoot && !existsSync("/run/sshd")) mkdirSync("/run/sshd", { mode: 0o755 });
  const lines = [
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${hostKey}`,
    `AuthorizedKeysFile ${authorizedKeys}`,
    "StrictModes no",
    "PidFile none",
    "PermitRootLogin yes",
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    `UsePAM ${isRoot ? "yes" : "no"}`,
    ...settings,
  ];
  writeFiles(folder, { sshd_config: lines.join("\n") });
  const server = spawn(sshd, ["-D", "-e", "-f", join(folder, "sshd_config")], { stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  server.stderr.setEncoding("utf8").on("data", (text: string) => (log += text));
  await until(() => log.includes("Server listening"), "sshd listens");
  return {
    port,
    knownHost: `[127.0.0.1]:${port} ${readFileSync(`${hostKey}.pub`, "utf8")}`,
    stop() {
      server.kill();
      // Connections that are kept for a while still write to it.
      server.stderr.destroy();
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await until(() => server.listening, "a port is free");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
