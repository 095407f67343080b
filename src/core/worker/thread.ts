import { parentPort, type MessagePort } from "node:worker_threads";
import type { BuildOrder } from "./buildOrder";
import { ServedBuild } from "./servedBuild";

/** What the thread is sent for each build. */
export interface Beginning {
  readonly port: MessagePort;
  readonly order: BuildOrder;
}

parentPort?.on("message", ({ port, order }: Beginning) => new ServedBuild(port, order));
