import type { Random } from "../../../scripts/oracle/random.mjs";
import type { FaultRule } from "../faultProxy";
import type { Lane } from "./soakBed";

/** A fault that was set on a lane, in words, and after how many milliseconds a person gives up. */
export interface SetFault {
  readonly what: string;
  readonly cancelAfterMs?: number;
}

const daemonRequests = [/^POST \/session/, /^POST \/build/, /^POST \/grpc/, /^POST .*\/push/, /^GET /, /^/];
const registryRequests = [
  { method: "GET", path: /^\/v2\/$/ },
  { method: "HEAD", path: /blobs/ },
  { method: "POST", path: /uploads/ },
  { method: "PATCH", path: /uploads/ },
  { method: "PUT", path: /uploads/ },
  { method: "PUT", path: /manifests/ },
  { path: /./ },
] satisfies Omit<FaultRule, "fault">[];
const statuses = [400, 401, 403, 404, 429, 500, 502, 503];

/**
 * Sets one fault on a lane where chance wants it: on the way to the daemon, to the registry, or in the person's
 * patience.
 */
export function setRandomFault(random: Random, { daemon, registry }: Lane): SetFault {
  registry.setRules();
  daemon.setFaults();
  daemon.cut(); // A connection that is kept would be no new one to the proxy.
  const cancelAfterMs = Math.floor(random.next() ** 2 * 3000);
  const afterBytes = Math.floor(random.next() ** 4 * 60_000);
  const from = random.pick(["client", "server"] as const);
  const request = random.pick(daemonRequests);
  const rule = random.pick(registryRequests);
  const times = 1 + random.below(2);
  const [kind, weight] = [random.next(), random.pick(statuses)];
  const way = `${String(request)} after ${afterBytes} bytes of the ${from}`;
  const place = `${"method" in rule ? rule.method : "any"} ${String(rule.path)}`;
  if (kind < 0.3) {
    daemon.setFaults({ request, from, afterBytes, times, fault: "cut" });
    return { what: `the daemon is cut off at ${way}` };
  }
  if (kind < 0.4) {
    daemon.setFaults({
      request,
      times,
      fault: { answer: `HTTP/1.1 ${weight} No\r\nConnection: close\r\n\r\n{"message":"not now"}` },
    });
    return { what: `the daemon answers ${String(request)} by ${weight}` };
  }
  if (kind < 0.5) {
    daemon.setFaults({ request, from, afterBytes, times, fault: "stall" });
    return { what: `the daemon stalls at ${way}, cancelled after ${cancelAfterMs} ms`, cancelAfterMs };
  }
  if (kind < 0.65) {
    registry.setRules({
      ...rule,
      times,
      fault: { kind: "status", status: weight, body: '{"errors":[{"code":"UNKNOWN","message":"not now"}]}' },
    });
    return { what: `the registry answers ${place} by ${weight}` };
  }
  if (kind < 0.75) {
    registry.setRules({ ...rule, times, fault: { kind: "reset", afterBytes } });
    return { what: `the registry resets ${place} after ${afterBytes} bytes` };
  }
  if (kind < 0.8) {
    registry.setRules({ ...rule, times, fault: { kind: "hang" } });
    return { what: `the registry hangs at ${place}, cancelled after ${cancelAfterMs} ms`, cancelAfterMs };
  }
  return { what: `cancelled after ${cancelAfterMs} ms`, cancelAfterMs };
}
