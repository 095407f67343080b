import type { ServerHttp2Stream } from "node:http2";
import { mkdir, readdir, rename, rm, rmdir } from "node:fs/promises";
import { lstatSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Log } from "../base/log";
import { exportFailure, nameBeside, type ExportTarget } from "./exportTarget";
import { ReceivedFolder } from "./receivedFolder";

/** Target for a result that is a folder: existing files stay, except those that the result replaces. */
export class FolderExport implements ExportTarget {
  readonly #part: string;
  #folder: ReceivedFolder | undefined;

  /** @param dest absolute path of the folder */
  constructor(
    private readonly dest: string,
    private readonly log: Log,
  ) {
    this.#part = nameBeside(dest);
  }

  /** Receives one transfer; for a build with several platforms, each platform has its own. */
  async receive(stream: ServerHttp2Stream): Promise<void> {
    await mkdir(dirname(this.dest), { recursive: true }).catch((error: unknown) => this.#fail(error));
    await mkdir(this.#part, { recursive: true }).catch((error: unknown) => this.#fail(error));
    this.#folder ??= new ReceivedFolder(this.#part, this.log);
    await this.#folder.receive(stream).catch((error: unknown) => {
      // If the connection broke, another location wouldn't help.
      if (stream.destroyed) throw error;
      this.#fail(error);
    });
  }

  async commit(): Promise<void> {
    try {
      await mkdir(this.#part, { recursive: true });
      await checkMerge(this.#part, this.dest);
      await merge(this.#part, this.dest);
      this.#folder?.setTimes(this.dest);
    } catch (error) {
      this.#fail(error);
    }
  }

  async discard(): Promise<void> {
    await rm(this.#part, { recursive: true, force: true });
  }

  #fail(error: unknown): never {
    throw exportFailure(this.dest, error);
  }
}

/** Checks that everything can be moved before anything is: no folder is replaced by a file, and no link is followed. */
async function checkMerge(from: string, to: string): Promise<void> {
  const existing = lstatSync(to, { throwIfNoEntry: false });
  if (!existing) return;
  const isDirectory = lstatSync(from).isDirectory();
  if (existing.isDirectory() !== isDirectory)
    throw new Error(
      isDirectory
        ? `"${to}" is not a folder, but the result has a folder by that name`
        : `"${to}" is a folder, but the result has a file by that name`,
    );
  if (isDirectory) for (const name of await readdir(from)) await checkMerge(join(from, name), join(to, name));
}

async function merge(from: string, to: string): Promise<void> {
  const existing = lstatSync(to, { throwIfNoEntry: false });
  if (!existing?.isDirectory()) return rename(from, to);
  for (const name of await readdir(from)) await merge(join(from, name), join(to, name));
  await rmdir(from);
}
