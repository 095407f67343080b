/**
 * Where builders that work elsewhere fetch what was uploaded for them (ZenML's artifact store, as far as contexts need
 * it).
 */
export interface ArtifactStore {
  /** What all its paths begin with: a folder, or an address such as `s3://bucket`. */
  readonly path: string;
  /** Whether only this machine can read it. */
  readonly isLocal: boolean;
  exists(path: string, signal: AbortSignal): Promise<boolean>;
  makeFolders(path: string, signal: AbortSignal): Promise<void>;
  /** Copies a file there; whoever reads the path meanwhile finds nothing or the whole. */
  upload(file: string, path: string, signal: AbortSignal): Promise<void>;
}
