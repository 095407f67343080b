import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ensurePackages } from "../../scripts/setup/debian.mjs";
import { temporaryFolder } from "./folder";
import { until } from "./until";

/** A real ssh-agent on this machine. */
export interface SshAgent {
  readonly socket: string;
  /** The fingerprint of its one key. */
  readonly fingerprint: string;
  /** The file of that key. */
  readonly keyFile: string;
  /** How many keys it holds. */
  keys(): number;
  stop(): void;
}

/** Starts an agent with a new key. */
export async function startSshAgent(): Promise<SshAgent> {
  await ensurePackages({ "openssh-client": "ssh-agent" }, "The SSH agent test");
  const folder = temporaryFolder();
  const socket = join(folder, "agent");
  const keyFile = join(folder, "key");
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", keyFile]);
  const fingerprint =
    /SHA256:\S+/.exec(execFileSync("ssh-keygen", ["-l", "-f", keyFile], { encoding: "utf8" }))?.[0] ?? "";
  const agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: "ignore" });
  await until(() => existsSync(socket), "the agent listens");
  const env = { ...process.env, SSH_AUTH_SOCK: socket };
  execFileSync("ssh-add", ["-q", keyFile], { env });
  return {
    socket,
    fingerprint,
    keyFile,
    keys: () => execFileSync("ssh-add", ["-l"], { env, encoding: "utf8" }).trim().split("\n").length,
    stop: () => void agent.kill(),
  };
}

/**
 * Files for a context whose `COPY root /` brings this machine's ssh-add and ssh-keygen to `/ssh`, with the libraries
 * they load.
 */
export function sshProgramFiles(): Record<string, Buffer> {
  return programFiles(["ssh-add", "ssh-keygen"], "ssh");
}

/** Files for a context whose `COPY root /` brings programs of this machine, with the libraries they load. */
export function programFiles(programs: readonly string[], folder: string): Record<string, Buffer> {
  const libraries = programs.flatMap(
    (program) => execFileSync("ldd", [`/usr/bin/${program}`], { encoding: "utf8" }).match(/\/\S+/g) ?? [],
  );
  const files = [
    ...programs.map((program) => [`root/${folder}/${program}`, `/usr/bin/${program}`]),
    ...[...new Set(libraries)].map((file) => [`root${file}`, file]),
  ];
  return Object.fromEntries(files.map(([path = "", file = ""]) => [path, readFileSync(file)]));
}
