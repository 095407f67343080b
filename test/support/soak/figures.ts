import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

/** What a process holds at a moment. */
export interface Figures {
  /** What keeps an event loop alive: sockets, timers, watchers, requests. */
  readonly handles: number;
  readonly descriptors: number;
  readonly sockets: number;
  readonly threads: number;
  readonly children: number;
  /** After a garbage collection. */
  readonly heapMiB: number;
  readonly residentMiB: number;
  /** Files and folders in this process's folder for temporary files. */
  readonly temporaryFiles: number;
}

/** Measures this process, which must run with `--expose-gc`. */
export async function figures(): Promise<Figures> {
  // What a finalizer lets go of is only gone at the next collection.
  for (let round = 0; round < 3; round++) {
    globalThis.gc?.();
    await sleep(20);
  }
  const { heapUsed, rss } = process.memoryUsage();
  const descriptors = linksBelow("/proc/self/fd");
  return {
    handles: process.getActiveResourcesInfo().length,
    descriptors: descriptors.length,
    sockets: descriptors.filter((target) => target.startsWith("socket:")).length,
    threads: readdirSync("/proc/self/task").length,
    children: childrenOf("self").length,
    heapMiB: round(heapUsed),
    residentMiB: round(rss),
    // What tsx keeps of the sources that it has read is none of ours.
    temporaryFiles: readdirSync(tmpdir(), { recursive: true, encoding: "utf8" }).filter(
      (path) => !path.startsWith("tsx-"),
    ).length,
  };
}

/** Numbers of the processes that any thread of a process has started. */
export function childrenOf(pid: number | "self"): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readIfThere(`/proc/${pid}/task/${thread}/children`).split(" ").filter(Boolean).map(Number),
  );
}

/** Where each descriptor of a process leads; those that are closed meanwhile are left out. */
export function linksBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    try {
      return readlinkSync(`${folder}/${name}`);
    } catch {
      return [];
    }
  });
}

function round(bytes: number): number {
  return Math.round((bytes / 2 ** 20) * 10) / 10;
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
