import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { access, mkdir, rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import type { ArtifactStore } from "./artifactStore";

/** Artifact store in a folder of this machine, or in a mounted one. */
export class LocalArtifactStore implements ArtifactStore {
  readonly isLocal = true;

  /** @param path absolute path of the folder */
  constructor(readonly path: string) {}

  async exists(path: string): Promise<boolean> {
    return access(path).then(
      () => true,
      () => false,
    );
  }

  async makeFolders(path: string): Promise<void> {
    await mkdir(path, { recursive: true });
  }

  async upload(file: string, path: string, signal: AbortSignal): Promise<void> {
    const unfinished = `${path}.${randomUUID()}.part`;
    try {
      await pipeline(createReadStream(file), createWriteStream(unfinished, { flags: "wx" }), { signal });
      await rename(unfinished, path);
    } finally {
      await rm(unfinished, { force: true });
    }
  }
}
