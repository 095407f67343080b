import { extname, join } from "node:path";
import { MessageChannel, Worker } from "node:worker_threads";
import type { DockerfileSource } from "../context/files/dockerfileSource";
import type { BuildOrder, ServedJob } from "./buildOrder";
import { ImageBuilderError, systemCodeOf } from "../base/errors";
import type { Log } from "../base/log";
import type { Beginning } from "./thread";
import { ThreadedBuild } from "./threadedBuild";

/** Time without a build after which the thread ends, in milliseconds. */
const idleMs = 5 * 60_000;

/** A list of 100,000 files fits; a larger young generation would only hold more garbage. */
const resourceLimits = { maxYoungGenerationSizeMb: 4 };

interface Running {
  readonly worker: Worker;
  /** Resolves with the thread's error, if it failed, once it has ended. */
  readonly ended: Promise<unknown>;
}

/**
 * Path of the thread's program: next to the bundle that starts it, or next to this file if the sources run directly.
 */
const program = join(__dirname, `thread${extname(__filename)}`);

/**
 * Thread that lists contexts and holds the sessions of builds, so that the daemon gets its answers while the caller's
 * thread is busy. It starts with the first build and is kept for later ones.
 */
export class BuildThread {
  #running: Running | undefined;
  #builds = 0;
  #idle: NodeJS.Timeout | undefined;

  /** Starts the thread before a build, unless it is running. */
  start(): void {
    this.#run();
    if (this.#builds === 0) this.#endWhenIdle();
  }

  /**
   * Begins a build, and immediately starts to list its contexts. Call `close` of the returned build to end it in the
   * thread.
   */
  begin(
    job: ServedJob,
    dockerfile: DockerfileSource,
    log: Log,
    { named = [], layouts = [], isTraced = false }: Partial<Pick<BuildOrder, "named" | "layouts" | "isTraced">> = {},
  ): ThreadedBuild {
    const { worker, ended } = this.#run();
    clearTimeout(this.#idle);
    this.#builds++;
    const { port1, port2 } = new MessageChannel();
    port1.once("close", () => this.#ended());
    const build = new ThreadedBuild(port1, job, log, () => {
      // Keeps this process alive until the reason is known, because no other handle may be open.
      worker.ref();
      return ended.then(gone);
    });
    const { root } = job.context;
    const { target, buildArgs, platform, buildContexts } = job.options;
    const beginning: Beginning = {
      port: port2,
      order: {
        context: job.context.describe(),
        root,
        dockerfile,
        options: { target, buildArgs, platform, buildContexts },
        named,
        layouts,
        isTraced,
      },
    };
    worker.postMessage(beginning, [port2]);
    return build;
  }

  #run(): Running {
    return (this.#running ??= this.#launch());
  }

  #launch(): Running {
    const worker = new Worker(program, { resourceLimits });
    // Code that waits for a build keeps the build's port open.
    worker.unref();
    let failure: unknown;
    worker.on("error", (error) => (failure = error));
    const ended = new Promise((resolve) => {
      worker.on("exit", () => {
        if (this.#running?.worker === worker) this.#running = undefined;
        resolve(failure);
      });
    });
    return { worker, ended };
  }

  #ended(): void {
    if (--this.#builds === 0) this.#endWhenIdle();
  }

  #endWhenIdle(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      const idle = this.#running;
      this.#running = undefined;
      void idle?.worker.terminate();
    }, idleMs).unref();
  }
}

function gone(cause: unknown): ImageBuilderError {
  const [why, remedy] =
    systemCodeOf(cause) === "ERR_WORKER_OUT_OF_MEMORY"
      ? [" (out of memory)", "Exclude files in .dockerignore, then build again"]
      : ["", "Build again"];
  return new ImageBuilderError(
    "buildFailed",
    `The thread that serves the daemon during the build stopped${why}. ${remedy}.`,
    { cause },
  );
}
