import { Duplex } from "node:stream";
import { foreignWords } from "../border/foreignWords";
import { parseJson } from "../border/parseJson";
import { maxErrorBytes, readBody, readErrorBody } from "../border/readBody";
import { ImageBuilderError } from "../base/errors";
import type { Endpoint } from "./endpoint";
import { FrameCutter, type FrameFormat } from "./frameCutter";
import { lastWords } from "./lastWords";
import { probeFailure } from "./probeFailure";
import { DaemonRefusal } from "./refusalWords";
import { sendRequest } from "./sendRequest";
import { EngineAgent } from "./transport";

/** Command that joins its input and output to the BuildKit daemon beside it. */
const command = ["buildctl", "dial-stdio"];

const keptWords = 2_000;
const largestFrame = 2 ** 24;

/** Frames in which Docker sends the output of a command: the number of the stream, and the length at byte 4. */
const outputFrames: FrameFormat = {
  headBytes: 8,
  frameBytes: (head) => {
    const length = head.readUInt32BE(4);
    if (length > largestFrame) throw new Error("the Docker daemon sent output that is too long");
    return 8 + length;
  },
};
const stderr = 2;

/**
 * Connects to the BuildKit daemon in a container, as `docker exec` does.
 *
 * @throws ImageBuilderError `daemonUnreachable` if the container doesn't run, errors of connecting to Docker; the
 * signal's reason
 */
export async function openInContainer(
  endpoint: Endpoint,
  { name, daemon }: Endpoint["container"] & object,
  signal: AbortSignal,
): Promise<Duplex> {
  const agent = new EngineAgent(daemon);
  const ask = (path: string, body: object, upgrade = {}): ReturnType<typeof sendRequest> =>
    sendRequest(
      agent,
      { path, method: "POST", headers: { "Content-Type": "application/json", ...upgrade }, signal },
      JSON.stringify(body),
    );
  try {
    const created = await ask(`/containers/${encodeURIComponent(name)}/exec`, {
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
      Cmd: command,
    });
    const started = await ask(
      `/exec/${await idIn(created, agent)}/start`,
      {},
      { Connection: "Upgrade", Upgrade: "tcp" },
    );
    if (!("upgraded" in started)) throw await refusalIn(started, agent);
    const { upgraded } = started;
    upgraded.once("close", () => agent.destroy());
    return new ContainerStream(upgraded, endpoint);
  } catch (error) {
    agent.destroy();
    signal.throwIfAborted();
    throw error instanceof DaemonRefusal ? unreachable(endpoint, error.message, error) : probeFailure(daemon, error);
  }
}

type Opened = Awaited<ReturnType<typeof sendRequest>>;

/** The thread that holds sessions doesn't load the schema library. */
async function idIn(opened: Opened, agent: EngineAgent): Promise<string> {
  if (!("answer" in opened) || opened.answer.statusCode !== 201) throw await refusalIn(opened, agent);
  const { bytes } = await readBody(opened.answer, maxErrorBytes);
  const answer = parseJson(bytes.toString("utf8"));
  const id = typeof answer === "object" && answer !== null && "Id" in answer ? answer.Id : undefined;
  if (typeof id === "string" && /^[0-9a-f]{12,128}$/.test(id)) return id;
  throw new DaemonRefusal(201, "the Docker daemon returned no id for the command");
}

async function refusalIn(opened: Opened, agent: EngineAgent): Promise<Error> {
  if ("upgraded" in opened) return new Error("the connection was upgraded unasked");
  return new DaemonRefusal(opened.answer.statusCode ?? 0, agent.hide(await readErrorBody(opened.answer)));
}

function unreachable({ address, source }: Endpoint, words: string, cause?: unknown): ImageBuilderError {
  const reason = foreignWords(words, 500).replace(/\.$/, "");
  return new ImageBuilderError(
    "daemonUnreachable",
    `Can't reach the BuildKit daemon at ${address} (${source}): ${reason || "its command ended without an answer"}. ` +
      "Check that the container runs BuildKit.",
    { cause },
  );
}

/** Input and output of a command in a container; fails with its last error output if it prints nothing else. */
class ContainerStream extends Duplex {
  readonly #frames = new FrameCutter(outputFrames);
  #hasAnswered = false;
  #words = "";

  constructor(
    private readonly upgraded: Duplex,
    private readonly endpoint: Endpoint,
  ) {
    super();
    upgraded.on("data", (chunk: Buffer) => this.#receive(chunk));
    upgraded.on("error", (error) => this.destroy(error));
    upgraded.on("end", () => this.#end());
    upgraded.on("close", () => this.#end());
  }

  override _read(): void {
    this.upgraded.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.upgraded.write(chunk, encoding, callback);
  }

  override _final(callback: () => void): void {
    this.upgraded.end(() => callback());
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.upgraded.destroy();
    callback(error);
  }

  #receive(chunk: Buffer): void {
    try {
      for (const frame of this.#frames.cut(chunk)) this.#take(frame);
    } catch (error) {
      this.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #take(frame: Buffer): void {
    const payload = frame.subarray(outputFrames.headBytes);
    if (frame[0] === stderr) {
      this.#words = (this.#words + payload.toString("utf8")).slice(-keptWords);
      return;
    }
    this.#hasAnswered = true;
    if (!this.push(payload)) this.upgraded.pause();
  }

  #end(): void {
    if (this.destroyed || this.readableEnded) return;
    if (this.#hasAnswered) this.push(null);
    else this.destroy(unreachable(this.endpoint, lastWords(this.#words)));
  }
}
