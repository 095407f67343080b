import { spawn, type ChildProcess } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const startTimeoutMs = 5_000;

/** An `ssh-agent` of our own that holds one private key; the process and its socket go with `close`. */
export class KeyAgent {
  private constructor(
    readonly socket: string,
    private readonly folder: string,
    private readonly process: ChildProcess,
  ) {}

  /** @throws Error in the words of ssh-agent or ssh-add, such as for a key with a passphrase */
  static async start(keyFile: string): Promise<KeyAgent> {
    const folder = await mkdtemp(join(tmpdir(), "image-builders-ssh-"));
    const socket = join(folder, "agent");
    const agent = new KeyAgent(socket, folder, spawn("ssh-agent", ["-D", "-a", socket], { stdio: "ignore", windowsHide: true }));
    try {
      await agent.#listening();
      await addKey(keyFile, socket);
      return agent;
    } catch (error) {
      agent.close();
      throw error;
    }
  }

  close(): void {
    this.process.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #listening(): Promise<void> {
    let ended: Error | undefined;
    this.process.once("error", (error) => (ended = error));
    this.process.once("exit", (code) => (ended ??= new Error(`ssh-agent ended with code ${code}`)));
    for (const start = performance.now(); !(await takesConnections(this.socket)); await sleep(10)) {
      if (ended) throw ended;
      if (performance.now() - start > startTimeoutMs) throw new Error("ssh-agent does not start");
    }
  }
}

/** Whether an agent answers at a socket: ssh-agent makes the file a moment before it listens there. */
async function takesConnections(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    connection.once("connect", () => {
      connection.destroy();
      resolve(true);
    });
    connection.once("error", () => resolve(false));
  });
}

async function addKey(keyFile: string, socket: string): Promise<void> {
  // Nobody is there to type a passphrase: a key that wants one must fail and not wait.
  const env = { ...process.env, SSH_AUTH_SOCK: socket, SSH_ASKPASS: "", SSH_ASKPASS_REQUIRE: "never", DISPLAY: "" };
  await new Promise<void>((resolve, reject) => {
    const adding = spawn("ssh-add", ["-q", keyFile], { env, detached: process.platform !== "win32", windowsHide: true, stdio: ["ignore", "ignore", "pipe"] });
    let words = "";
    adding.stderr.setEncoding("utf8").on("data", (text: string) => (words += text));
    adding.once("error", reject);
    adding.once("close", (code) => (code === 0 ? resolve() : reject(new Error(words.trim() || `ssh-add ended with code ${code}`))));
  });
}
