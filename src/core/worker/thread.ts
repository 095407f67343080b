import { parentPort, type MessagePort } from "node:worker_threads";
import type { BuildOrder } from "./buildOrder";
import { ServedBuild } from "./servedBuild";

/** Message that starts a build in the thread. */
export interface Beginning {
  readonly port: MessagePort;
  readonly order: BuildOrder;
}

parentPort?.on("message", ({ port, order }: Beginning) => new ServedBuild(port, order));
