import type { ChildProcessWithoutNullStreams } from "node:child_process";
import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { ImageBuilderError, messageOf, systemCodeOf } from "../base/errors";
import { startChild, type Child } from "../process/startChild";
import type { Connection, Endpoint } from "./endpoint";

type SshConnection = Extract<Connection, { kind: "ssh" }>;

const keptWords = 2_000;

/**
 * Connection to a remote daemon: the user's own `ssh` runs `docker system dial-stdio` there, as for the docker CLI,
 * with the user's keys, agent, known hosts, and configuration. The process ends with the stream.
 *
 * Fails with `daemonUnreachable` before the daemon's first byte and `daemonLost` after it, with ssh's own words.
 */
export class SshStream extends Duplex {
  readonly #child: Child;
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #endpoint: Pick<Endpoint, "address" | "source">;
  #answered = false;
  #words = "";

  constructor(connection: SshConnection, endpoint: Pick<Endpoint, "address" | "source">) {
    super();
    this.#endpoint = endpoint;
    this.#child = this.#start(connection);
    this.#process = this.#child.process as ChildProcessWithoutNullStreams;
    this.#process.on("error", (error) => this.destroy(this.#startFailure(error)));
    this.#process.on("close", (code) => this.#ended(code));
    this.#process.stdin.on("error", () => {}); // The process has ended then, and "close" reports the reason.
    this.#process.stderr
      .setEncoding("utf8")
      .on("data", (text: string) => (this.#words = (this.#words + text).slice(-keptWords)));
    this.#process.stdout.on("data", (chunk: Buffer) => {
      this.#answered = true;
      if (!this.push(chunk)) this.#process.stdout.pause();
    });
  }

  override _read(): void {
    this.#process.stdout.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    // After a failed write, "close" reports the reason, which is more helpful than EPIPE.
    this.#process.stdin.write(chunk, encoding, () => callback());
  }

  override _final(callback: () => void): void {
    this.#process.stdin.end(() => callback());
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#child.end();
    this.#process.stdin.destroy();
    this.#process.stdout.destroy();
    this.#process.stderr.destroy();
    callback(error);
  }

  /** Does nothing; an HTTP agent calls it on each socket. ssh has its own keep-alive, in the user's configuration. */
  setKeepAlive(): this {
    return this;
  }

  setTimeout(): this {
    return this;
  }

  /** Lets this process end while the connection is idle. */
  unref(): this {
    this.#process.unref();
    for (const pipe of this.#pipes()) pipe.unref();
    return this;
  }

  ref(): this {
    this.#process.ref();
    for (const pipe of this.#pipes()) pipe.ref();
    return this;
  }

  #start(connection: SshConnection): Child {
    try {
      return startChild("ssh", sshArguments(connection), { env: process.env, stdio: "pipe" });
    } catch (error) {
      throw this.#startFailure(error);
    }
  }

  #pipes(): Socket[] {
    return [this.#process.stdin, this.#process.stdout, this.#process.stderr] as unknown as Socket[];
  }

  #ended(code: number | null): void {
    if (this.destroyed) return;
    if (code === 0 && this.#answered) this.push(null);
    else this.destroy(this.#failure());
  }

  #failure(): ImageBuilderError {
    const { address, source } = this.#endpoint;
    const words = lastWords(this.#words);
    if (this.#answered)
      return new ImageBuilderError(
        "daemonLost",
        `The SSH connection to the Docker daemon at ${address} was lost${words && `: ${words}`}.`,
      );
    return new ImageBuilderError(
      "daemonUnreachable",
      `Can't reach the Docker daemon at ${address} (${source}) over SSH${words && `: ${words}`}. ` +
        remedy(words, address),
    );
  }

  #startFailure(error: unknown): ImageBuilderError {
    const why =
      systemCodeOf(error) === "ENOENT"
        ? "it is not installed or not in PATH. Install the OpenSSH client"
        : messageOf(error);
    const { address, source } = this.#endpoint;
    return new ImageBuilderError(
      "daemonUnreachable",
      `The Docker daemon at ${address} (${source}) requires the program "ssh", which can't be started: ${why}.`,
      {
        cause: error,
      },
    );
  }
}

function sshArguments({ host, port, user, path }: SshConnection): string[] {
  const options = [
    "-o",
    "ConnectTimeout=15",
    "-T",
    ...(user ? ["-l", user] : []),
    ...(port ? ["-p", String(port)] : []),
  ];
  return [...options, "--", host, "docker", ...(path ? ["--host", `unix://${path}`] : []), "system", "dial-stdio"];
}

/** Returns ssh's last lines, because its reason follows banners and warnings. */
function lastWords(text: string): string {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines
    .filter((line) => line !== "")
    .slice(-3)
    .join(" ")
    .replace(/\.$/, "");
}

function remedy(words: string, address: string): string {
  if (/permission denied/i.test(words))
    return "Add your key to the SSH agent and to the account on the remote machine.";
  if (/host key verification failed|host identification has changed/i.test(words))
    return `Connect once with "ssh" to check and save the host key.`;
  if (/could not resolve hostname/i.test(words)) return "Check the host name and the network.";
  if (/command not found|not found|not recognized/i.test(words))
    return "Install the Docker CLI on the remote machine, which connections over SSH require.";
  if (/cannot connect to the docker daemon/i.test(words)) return "Start Docker on the remote machine.";
  return `Check that "ssh ${address.replace(/^ssh:\/\//, "").replace(/[:/].*$/s, "")} docker version" works.`;
}
