/**
 * Storage from which remote builders fetch uploaded build contexts: the part of ZenML's artifact store that they need.
 */
export interface ArtifactStore {
  /** Prefix of all its paths: a folder, or an address such as `s3://bucket`. */
  readonly path: string;
  /** Whether only this machine can read it. */
  readonly isLocal: boolean;
  exists(path: string, signal: AbortSignal): Promise<boolean>;
  makeFolders(path: string, signal: AbortSignal): Promise<void>;
  /** Uploads a file atomically: until the upload is complete, readers of the path find no new content. */
  upload(file: string, path: string, signal: AbortSignal): Promise<void>;
}
