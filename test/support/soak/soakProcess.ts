import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { root } from "../../../scripts/setup/paths.mjs";
import { temporaryFolder } from "../folder";
import type { SoakAnswer, SoakCall, SoakFigures, SoakJob, SoakOutcome } from "./soakMain";

/** A process with the core and nothing else, which does any number of jobs at once and measures itself. */
export class SoakProcess {
  readonly #waiting = new Map<number, (answer: SoakAnswer) => void>();
  #calls = 0;

  private constructor(private readonly process: ChildProcess) {
    process.on("message", (answer: SoakAnswer) => this.#waiting.get(answer.id)?.(answer));
  }

  static async start(): Promise<SoakProcess> {
    const child = fork(join(import.meta.dirname, "soakMain.ts"), [], {
      cwd: root,
      execArgv: ["--expose-gc", "--import", join(root, "scripts/tsx.mjs")],
      env: { PATH: process.env["PATH"], HOME: temporaryFolder(), TMPDIR: temporaryFolder() },
      serialization: "advanced",
    });
    await once(child, "message");
    return new SoakProcess(child);
  }

  async run(job: SoakJob): Promise<SoakOutcome> {
    const answer = await this.#ask({ job });
    if (!("outcome" in answer)) throw new Error("a job is answered by its outcome");
    return answer.outcome;
  }

  async measure(): Promise<SoakFigures> {
    const answer = await this.#ask({ measure: true });
    if (!("figures" in answer)) throw new Error("a measurement is answered by its figures");
    return answer.figures;
  }

  async stop(): Promise<void> {
    if (!this.process.connected) return;
    this.process.disconnect();
    await once(this.process, "exit");
  }

  #ask(question: { readonly job: SoakJob } | { readonly measure: true }): Promise<SoakAnswer> {
    const id = ++this.#calls;
    return new Promise((resolve, reject) => {
      const ended = (code: number | null): void =>
        reject(new Error(`The process with the core ended with code ${code}.`));
      this.process.once("exit", ended);
      this.#waiting.set(id, (answer) => {
        this.process.off("exit", ended);
        this.#waiting.delete(id);
        resolve(answer);
      });
      this.process.setMaxListeners(this.#waiting.size + 10);
      this.process.send({ id, ...question } satisfies SoakCall);
    });
  }
}
