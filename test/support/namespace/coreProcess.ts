import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { root } from "../../../scripts/setup/paths.mjs";
import { withParent } from "../../../scripts/setup/processes.mjs";
import type { Call, Jobs, Outcome } from "./coreMain";

/**
 * A process that holds the core and nothing else, as VS Code's extension host does; jobs are given to it one after the
 * other.
 */
export class CoreProcess {
  private constructor(private readonly process: ChildProcess) {}

  /** @param within what goes before the command, such as that which enters a namespace */
  static async start(within: readonly string[], env: NodeJS.ProcessEnv): Promise<CoreProcess> {
    const command = [
      ...withParent(),
      ...within,
      process.execPath,
      "--import",
      join(root, "scripts/tsx.mjs"),
      join(import.meta.dirname, "coreMain.ts"),
    ];
    const [program = "", ...args] = command;
    const child = spawn(program, args, {
      cwd: root,
      env: { PATH: process.env["PATH"], ...env },
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      serialization: "advanced",
    });
    const core = new CoreProcess(child);
    await core.#answer();
    return core;
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  /** Does a job, and tells how it went. */
  async run<Name extends keyof Jobs>(
    name: Name,
    argument: Parameters<Jobs[Name]>[0],
  ): Promise<Outcome<Awaited<ReturnType<Jobs[Name]>>>> {
    this.process.send({ name, argument } satisfies Call);
    return (await this.#answer()) as Outcome<Awaited<ReturnType<Jobs[Name]>>>;
  }

  /** As `run`, and a failure of the job is thrown. */
  async get<Name extends keyof Jobs>(
    name: Name,
    argument: Parameters<Jobs[Name]>[0],
  ): Promise<Awaited<ReturnType<Jobs[Name]>>> {
    const { result, failure } = await this.run(name, argument);
    if (failure) throw new Error(failure.message, { cause: failure.inspected });
    return result as Awaited<ReturnType<Jobs[Name]>>;
  }

  async stop(): Promise<void> {
    if (!this.process.connected) return;
    this.process.disconnect();
    await once(this.process, "exit");
  }

  async #answer(): Promise<unknown> {
    const listening = new AbortController();
    const { signal } = listening;
    const [answer] = (await Promise.race([
      once(this.process, "message", { signal }),
      once(this.process, "exit", { signal }),
    ])) as unknown[];
    listening.abort();
    if (typeof answer === "object" || answer === "ready") return answer;
    throw new Error(`The process with the core ended (${String(answer)}).`);
  }
}
