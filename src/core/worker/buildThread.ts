import { extname, join } from "node:path";
import { MessageChannel, Worker } from "node:worker_threads";
import type { DockerfileSource } from "../context/files/dockerfileSource";
import type { NamedFolderOrder, ServedJob } from "./buildOrder";
import { ImageBuilderError, systemCodeOf } from "../base/errors";
import type { Log } from "../base/log";
import type { Beginning } from "./thread";
import { ThreadedBuild } from "./threadedBuild";

/** A thread that served no build for so long has ended. */
const idleMs = 5 * 60_000;

/** A list of 100,000 files fits; a larger nursery only holds more of what nobody needs any more. */
const resourceLimits = { maxYoungGenerationSizeMb: 4 };

interface Running {
  readonly worker: Worker;
  /** Gives what it failed with, once it has ended. */
  readonly ended: Promise<unknown>;
}

/** Its program: beside the bundle that starts it, or beside this file where the sources run as they are. */
const program = join(__dirname, `thread${extname(__filename)}`);

/**
 * The thread that goes through contexts and holds the sessions of builds, so that the daemon gets its answers while the
 * caller's thread is busy. It starts with the first build and stays for the next ones.
 */
export class BuildThread {
  #running: Running | undefined;
  #builds = 0;
  #idle: NodeJS.Timeout | undefined;

  /** Starts the thread ahead of a build, unless it runs. */
  start(): void {
    this.#run();
    if (this.#builds === 0) this.#endWhenIdle();
  }

  /** Begins a build: its contexts are gone through at once. `close` of what is returned ends it there. */
  begin(
    job: ServedJob,
    dockerfile: DockerfileSource,
    log: Log,
    named: readonly NamedFolderOrder[] = [],
  ): ThreadedBuild {
    const { worker, ended } = this.#run();
    clearTimeout(this.#idle);
    this.#builds++;
    const { port1, port2 } = new MessageChannel();
    port1.once("close", () => this.#ended());
    const build = new ThreadedBuild(port1, job, log, () => {
      // Nothing else may keep this process alive until it is known why.
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
    // Whatever waits for a build has the port of that open.
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
