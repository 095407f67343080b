import { execFile, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Measured, Method, Order } from "./methods.mjs";

const run = promisify(execFile);
const measure = fileURLToPath(new URL("measure.py", import.meta.url));

/** Runs builds by one method until it is closed. */
export interface Worker {
  /** @throws Error with the output of the method if it failed */
  build(order: Order): Promise<Measured>;
  close(): void;
}

/** Starts the processes that a method needs before its first build. */
export function startWorker({ server, command, env }: Method, baseEnv: NodeJS.ProcessEnv): Worker {
  if (server) return serverWorker(server, { ...baseEnv, ...env });
  return {
    async build(order) {
      const { stdout } = await run("/usr/bin/python3", [measure, ...(command?.(order) ?? [])], {
        env: { ...baseEnv, ...env },
      });
      return JSON.parse(stdout) as Measured;
    },
    close: () => undefined,
  };
}

function serverWorker([program = "", ...args]: readonly string[], env: NodeJS.ProcessEnv): Worker {
  const child = spawn(program, args, { env, stdio: ["pipe", "pipe", "inherit"] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async build(order) {
      child.stdin.write(`${JSON.stringify(order)}\n`);
      const answer = await answers.next();
      if (answer.done) throw new Error(`${args.join(" ")} ended in the middle.`);
      return JSON.parse(answer.value) as Measured;
    },
    close: () => void child.kill(),
  };
}
