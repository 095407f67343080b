import type { BuildOptions } from "../base/buildOptions";
import type { BuildContext } from "../context/files/buildContext";
import type { ContextDescription } from "../context/files/contextOptions";
import type { ContextEntry } from "../context/files/contextEntry";
import type { ReviewOptions } from "../context/review/upload";
import type { UploadReport } from "../context/review/uploadReport";
import type { DockerfileSource } from "../context/files/dockerfileSource";
import type { Endpoint } from "../transport/endpoint";
import type { ServedLayout } from "../session/layoutContent";
import type { ExportPlace } from "../session/exportTarget";
import type { CredentialAnswer, CredentialSource } from "../credentials/credentialSource";
import type { IssuedToken } from "../credentials/registryTokens";
import type { SessionTokenRequest } from "../session/sessionLogins";
import type { SentFiles } from "../operation/buildTrace";
import type { OfferedFolder } from "../operation/offeredFiles";
import type { Log } from "../base/log";

/** Folder that is a named context of a build. */
export interface NamedFolder {
  /** Name by which BuildKit looks it up. */
  readonly name: string;
  /** Name of the folder in the session. */
  readonly localName: string;
}

/** Named folder as the thread receives it. */
export interface NamedFolderOrder extends NamedFolder {
  readonly context: ContextDescription;
  readonly root: string;
  /** Whether BuildKit requests only the files that are copied. */
  readonly isSelective: boolean;
}

/** Build as its thread needs to know it. */
export interface ServedJob {
  readonly context: BuildContext;
  readonly options: ReadOptions;
  readonly credentials: CredentialSource;
}

/** Build as the thread receives it. */
export interface BuildOrder {
  /** Undefined for a context that only the caller can list. */
  readonly context?: ContextDescription;
  /** Absolute path of the context. */
  readonly root?: string;
  readonly dockerfile: DockerfileSource;
  readonly options: ReadOptions;
  readonly named: readonly NamedFolderOrder[];
  readonly layouts: readonly ServedLayout[];
  /** Whether the files that the daemon is offered are remembered, for the report of the build. */
  readonly isTraced: boolean;
}

/** Options that determine what a Dockerfile requests. */
type ReadOptions = Pick<BuildOptions, "target" | "buildArgs" | "platform" | "buildContexts">;

/** Part of a build that is reviewed. */
export interface ReviewedPart {
  /** Whether to include files that the Dockerfile does not copy. */
  readonly isWhole: boolean;
  /** Name of a named context; undefined for the build's own. */
  readonly folder?: string;
}

/** Options for opening a build's session. */
export interface SessionOrder {
  readonly id: string;
  readonly endpoint: Endpoint;
  readonly sharedKey: string;
  /** Sockets by the ids under which the build may use them. */
  readonly agentSockets: ReadonlyMap<string, string>;
  readonly exportTo?: ExportPlace;
}

/** Call to BuildKit. */
interface BuildkitCall {
  readonly id: number;
  /** Path of the method: `/moby.buildkit.v1.Control/Solve`. */
  readonly path: string;
  readonly request: Uint8Array;
}

/** Methods of the thread that a build calls. */
export type ThreadMethods = {
  /** Returns once the thread serves the build. */
  readonly begun: (nothing: undefined) => void;
  readonly review: (
    options: Pick<ReviewOptions, "secrets" | "budget"> & ReviewedPart,
    signal: AbortSignal,
  ) => Promise<UploadReport>;
  readonly openSession: (order: SessionOrder) => Promise<void>;
  /** Starts a call to BuildKit over the connection of the session, identified by a number. */
  readonly beginCall: (call: BuildkitCall) => void;
  /** @returns the next message of a call; undefined at its end */
  readonly nextMessage: (id: number) => Promise<Uint8Array | undefined>;
  /**
   * Rejects with the error on our side, such as a file that can't be read: the daemon only knows that something failed.
   */
  readonly sessionFailed: (nothing: undefined) => Promise<never>;
  /** Rejects if the session has already failed on our side. */
  readonly checkSession: (nothing: undefined) => Promise<void>;
  readonly commitExport: (nothing: undefined) => Promise<void>;
  readonly discardExport: (nothing: undefined) => Promise<void>;
  /** @returns the files of build contexts that were sent so far */
  readonly sent: (nothing: undefined) => SentFiles;
  /** @returns the files that the daemon was offered so far, by build context */
  readonly offered: (nothing: undefined) => readonly OfferedFolder[];
};

/** Methods of a build that its thread calls. */
export type BuildMethods = {
  /** Starts a new list of the context's entries, identified by a number. */
  readonly beginEntries: (list: number) => void;
  /** @returns undefined at the end */
  readonly nextEntries: (list: number) => Promise<readonly ContextEntry[] | undefined>;
  /** Login for a registry that requires a password; undefined if the daemon gets none. */
  readonly password: (host: string) => Promise<CredentialAnswer | undefined>;
  readonly tokenSeed: (host: string) => Promise<Uint8Array | undefined>;
  readonly token: (question: SessionTokenRequest) => Promise<IssuedToken>;
  readonly readSecret: (id: string) => Promise<Uint8Array | undefined>;
  /** Asks whether the daemon may have the whole context, because it requests this path; throws if not. */
  readonly confirmWhole: (wanted: { readonly path: string; readonly folder?: string }) => Promise<void>;
  readonly log: (line: { readonly level: keyof Log; readonly text: string }) => void;
};
