import { createInterface } from "node:readline";
import type { Measured, Order } from "./methods.mjs";

/**
 * Runs a build for each line on stdin and prints its measurements. The process stays open between builds, as editors
 * do.
 */
export async function serve(build: (order: Order) => Promise<void>): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const before = process.cpuUsage();
    const start = performance.now();
    await build(JSON.parse(line) as Order);
    const ms = performance.now() - start;
    const { user, system } = process.cpuUsage(before);
    const measured: Measured = { ms, cpuMs: (user + system) / 1000, peakMiB: process.resourceUsage().maxRSS / 1024 };
    console.log(JSON.stringify(measured));
  }
}
