import { extname, join } from "node:path";
import { MessageChannel, Worker } from "node:worker_threads";
import type { BuildJob, DockerfileSource } from "../engine/buildJob";
import { ImageBuilderError } from "../errors";
import type { Log } from "../log";
import type { Beginning } from "./thread";
import { ThreadedBuild } from "./threadedBuild";

/** A thread that served no build for so long has ended. */
const idleMs = 5 * 60_000;

/** A list of 100,000 files fits; a larger nursery only holds more of what nobody needs any more. */
const resourceLimits = { maxYoungGenerationSizeMb: 4 };

/** Its program: beside the bundle that starts it, or beside this file where the sources run as they are. */
const program = join(__dirname, `thread${extname(__filename)}`);

/**
 * The thread that goes through contexts and holds the sessions of builds, so that the daemon gets its answers while the caller's
 * thread is busy. It starts with the first build and stays for the next ones.
 */
export class BuildThread {
  #worker: Worker | undefined;
  #failure: unknown;
  #builds = 0;
  #idle: NodeJS.Timeout | undefined;

  /** Starts the thread ahead of a build, unless it runs. */
  start(): void {
    this.#running();
    if (this.#builds === 0) this.#endWhenIdle();
  }

  /** Begins a build: its context is gone through at once. `close` of what is returned ends it there. */
  begin(job: BuildJob, dockerfile: DockerfileSource, log: Log): ThreadedBuild {
    const worker = this.#running();
    clearTimeout(this.#idle);
    this.#builds++;
    const { port1, port2 } = new MessageChannel();
    port1.once("close", () => this.#ended());
    const build = new ThreadedBuild(port1, job, log, () => this.#gone());
    const { root } = job.context;
    const { target, buildArgs } = job.options;
    const beginning: Beginning = { port: port2, order: { context: job.context.describe(), root, dockerfile, options: { target, buildArgs } } };
    worker.postMessage(beginning, [port2]);
    return build;
  }

  #running(): Worker {
    return (this.#worker ??= this.#newWorker());
  }

  #newWorker(): Worker {
    const worker = new Worker(program, { resourceLimits });
    this.#failure = undefined;
    // Whatever waits for a build has the port of that open.
    worker.unref();
    worker.on("error", (error) => (this.#failure = error));
    worker.on("exit", () => {
      if (this.#worker === worker) this.#worker = undefined;
    });
    return worker;
  }

  #ended(): void {
    if (--this.#builds === 0) this.#endWhenIdle();
  }

  #endWhenIdle(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      const worker = this.#worker;
      this.#worker = undefined;
      void worker?.terminate();
    }, idleMs).unref();
  }

  #gone(): ImageBuilderError {
    return new ImageBuilderError("buildFailed", "The thread that serves the daemon during a build has ended: build again.", { cause: this.#failure });
  }
}
