import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runProgram } from "../process/runProgram";
import { startChild, type Child } from "../process/startChild";

/** Long, because many builds may start on a busy machine; an agent that has ended is noticed at once. */
const startTimeoutMs = 60_000;
const addTimeoutMs = 60_000;

/**
 * Separate `ssh-agent` process that holds one private key. The process and its socket are removed by `close`, and when
 * this process ends for any reason.
 */
export class KeyAgent {
  private constructor(
    readonly socket: string,
    private readonly folder: string,
    private readonly child: Child,
  ) {}

  /**
   * Starts an agent and adds a key to it. @throws Error in the words of ssh-agent or ssh-add, for example for a key
   * with a passphrase
   */
  static async start(keyFile: string): Promise<KeyAgent> {
    const folder = await mkdtemp(join(tmpdir(), "image-builders-ssh-"));
    const socket = join(folder, "agent");
    const agent = new KeyAgent(socket, folder, startAgent(socket, folder));
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
    this.child.end();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #listening(): Promise<void> {
    let ended: Error | undefined;
    this.child.process.once("error", (error) => (ended = error));
    this.child.process.once("exit", (code) => (ended ??= new Error(`ssh-agent exited with code ${code}`)));
    for (const start = performance.now(); !(await takesConnections(this.socket)); await sleep(10)) {
      if (ended) throw ended;
      if (performance.now() - start > startTimeoutMs) throw new Error("ssh-agent didn't start");
    }
  }
}

/** Whether an agent accepts connections: ssh-agent creates the socket file a moment before it listens. */
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

function startAgent(socket: string, folder: string): Child {
  try {
    return startChild("ssh-agent", ["-D", "-a", socket], { env: process.env, stdio: "ignore", folder });
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

async function addKey(keyFile: string, socket: string): Promise<void> {
  // Makes a key with a passphrase fail instead of waiting, because no one can enter it.
  const env = { ...process.env, SSH_AUTH_SOCK: socket, SSH_ASKPASS: "", SSH_ASKPASS_REQUIRE: "never", DISPLAY: "" };
  const { exitCode, stderr, cutShort } = await runProgram("ssh-add", ["-q", "--", resolve(keyFile)], {
    env,
    timeoutMs: addTimeoutMs,
  });
  if (exitCode === 0) return;
  throw new Error(
    cutShort
      ? `ssh-add did not finish within ${addTimeoutMs / 1000} s`
      : stderr.trim() || `ssh-add exited with code ${exitCode}`,
  );
}
