import { openEngineClient } from "../src/core/engine/engineClient";
import { probe } from "../src/core/engine/probe";
import { pushImage } from "../src/core/engine/push";
import { hostileBodies, measured } from "./support/hostileAnswers";
import { HostileServer, type HostileAnswer } from "./support/hostileServer";
import { recordingOperation } from "./support/operation";
const never = new AbortController().signal;
void (async () => {
  let given: HostileAnswer = { kind: "silent" };
  const server = await HostileServer.start(() => given, { socket: true });
  for (const [name, answer] of Object.entries(hostileBodies)) {
    given = answer;
    const client = await openEngineClient(server.endpoint);
    const all: [string, () => Promise<unknown>][] = [["probe", () => probe(server.endpoint)], ["id", () => client.imageId("a:1", never)], ["grpc", () => client.openBuildkit(never)], ["ping", () => client.ping(AbortSignal.timeout(1000))]];
    if (!name.startsWith("an endless")) all.push(["push", () => pushImage(client, "ghcr.io/a:1", undefined, recordingOperation())]);
    for (const [q, work] of all) {
      const r = await Promise.race([measured(work), new Promise<undefined>((f) => setTimeout(() => f(undefined), 8000))]);
      console.log(name.padEnd(40), q, r ? `${Math.round(r.ms)} ms ${Math.round(r.peakMiB)} MiB ${r.failure instanceof Error ? r.failure.name + " " + r.failure.message.slice(0, 160) : r.failure ?? "ok"}` : "HANGS");
    }
  }
  process.exit();
})();
