import { setTimeout } from "node:timers/promises";
import { Readable, Writable } from "node:stream";
import { extract, type Header } from "tar-stream";
import type { BuildContext } from "../../../src/core/context/files/buildContext";
import type { ArchiveOptions } from "../../../src/core/context/files/contextOptions";
import type { ContextEntry } from "../../../src/core/context/files/contextEntry";
import type { EntryOrder } from "../../../src/core/context/files/pathOrder";

/** The bytes of a context's archive. */
export async function archiveOf(context: BuildContext, options?: ArchiveOptions): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const output = new Writable({ write: (chunk: Buffer, _, done) => (chunks.push(chunk), done()) });
  await context.writeArchive(output, options);
  return Buffer.concat(chunks);
}

/** The members of a tar as another implementation reads them. */
export async function membersOf(tar: Buffer): Promise<(Header & { readonly content: string })[]> {
  const members: (Header & { readonly content: string })[] = [];
  for await (const member of Readable.from([tar]).pipe(extract())) {
    const chunks: Buffer[] = [];
    for await (const chunk of member) chunks.push(chunk as Buffer);
    members.push({ ...member.header, content: Buffer.concat(chunks).toString("latin1") });
  }
  return members;
}

/** All entries of a context. */
export async function entriesOf(context: BuildContext, order: EntryOrder): Promise<ContextEntry[]> {
  const entries: ContextEntry[] = [];
  for await (const batch of context.entries({ order })) entries.push(...batch);
  return entries;
}

/** A log that keeps its lines, each with its level before it. */
export function recordingLog(): {
  lines: string[];
  debug(m: string): void;
  info(m: string): void;
  warn(m: string): void;
  error(m: string): void;
} {
  const lines: string[] = [];
  const keep = (level: string) => (message: string) => void lines.push(`${level}: ${message}`);
  return { lines, debug: keep("debug"), info: keep("info"), warn: keep("warn"), error: keep("error") };
}

/** Runs something without the rights of root, which may read everything. */
export async function withoutRoot<T>(run: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return run();
  process.seteuid?.(65534);
  try {
    return await run();
  } finally {
    process.seteuid?.(0);
  }
}

/** A generator of numbers in [0, 1) that a seed decides, so that a failure can be had again. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Fails a promise that is not settled in time. */
export async function withinMs<T>(ms: number, promise: Promise<T>): Promise<T> {
  const late = new AbortController();
  const timeout = setTimeout(ms, undefined, { signal: late.signal }).then(() =>
    Promise.reject(new Error(`not settled after ${ms} ms`)),
  );
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    late.abort();
    timeout.catch(() => {});
  }
}
