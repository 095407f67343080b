import type { BuildOptions } from "../base/buildOptions";
import type { BuildContext, ContextDescription } from "../context/files/buildContext";
import type { ContextEntry } from "../context/files/contextEntry";
import type { ReviewOptions } from "../context/review/upload";
import type { UploadReport } from "../context/review/uploadReport";
import type { DockerfileSource } from "../context/files/dockerfileSource";
import type { Endpoint } from "../transport/endpoint";
import type { ExportPlace } from "../session/exportTarget";
import type { CredentialAnswer, CredentialSource } from "../credentials/credentialSource";
import type { IssuedToken } from "../credentials/registryTokens";
import type { TokenQuestion } from "../session/sessionLogins";
import type { Log } from "../base/log";

/** A folder that is a named context of a build. */
export interface NamedFolder {
  /** As BuildKit looks it up. */
  readonly name: string;
  /** The folder's name in the session. */
  readonly localName: string;
}

/** The same as the thread gets it. */
export interface NamedFolderOrder extends NamedFolder {
  readonly context: ContextDescription;
  readonly root: string;
  /** Whether BuildKit asks for what is copied only. */
  readonly isSelective: boolean;
}

/** What the thread needs to know of a build. */
export interface ServedJob {
  readonly context: BuildContext;
  readonly options: ReadOptions;
  readonly credentials: CredentialSource;
}

/** One build as the thread gets it. */
export interface BuildOrder {
  /** Nothing for a context that only the caller can go through. */
  readonly context?: ContextDescription;
  /** Absolute path of the context. */
  readonly root?: string;
  readonly dockerfile: DockerfileSource;
  readonly options: ReadOptions;
  readonly named: readonly NamedFolderOrder[];
}

/** The options that decide what a Dockerfile asks for. */
type ReadOptions = Pick<BuildOptions, "target" | "buildArgs" | "platform" | "buildContexts">;

/** What of a build is looked at. */
export interface ReviewedPart {
  /** Whether to look also at what the Dockerfile does not copy. */
  readonly isWhole: boolean;
  /** The name of a named context; undefined for the build's own. */
  readonly folder?: string;
}

/** How to open a build's session. */
export interface SessionOrder {
  readonly id: string;
  readonly endpoint: Endpoint;
  readonly sharedKey: string;
  /** By the ids under which the build may use them. */
  readonly agentSockets: ReadonlyMap<string, string>;
  readonly exportTo?: ExportPlace;
}

/** What the thread does for a build. */
export type ThreadMethods = {
  /** Answers once the thread serves the build. */
  readonly begun: (nothing: undefined) => void;
  readonly review: (
    options: Pick<ReviewOptions, "secrets" | "budget"> & ReviewedPart,
    signal: AbortSignal,
  ) => Promise<UploadReport>;
  readonly openSession: (order: SessionOrder) => Promise<void>;
  /**
   * Rejects with what failed on our side, such as a file that cannot be read: the daemon only knows that something did.
   */
  readonly sessionFailed: (nothing: undefined) => Promise<never>;
  /** Rejects if that has happened. */
  readonly checkSession: (nothing: undefined) => Promise<void>;
  readonly commitExport: (nothing: undefined) => Promise<void>;
  readonly discardExport: (nothing: undefined) => Promise<void>;
};

/** What a build does for its thread. */
export type BuildMethods = {
  /** Goes through the context anew, under a number. */
  readonly beginEntries: (list: number) => void;
  /** @returns nothing at the end */
  readonly nextEntries: (list: number) => Promise<readonly ContextEntry[] | undefined>;
  /** The login for a registry that wants a password; undefined where the daemon gets none. */
  readonly password: (host: string) => Promise<CredentialAnswer | undefined>;
  readonly tokenSeed: (host: string) => Promise<Uint8Array | undefined>;
  readonly token: (question: TokenQuestion) => Promise<IssuedToken>;
  readonly readSecret: (id: string) => Promise<Uint8Array | undefined>;
  /** Asks whether the daemon may have all of the context, because it wants this path; throws if not. */
  readonly confirmWhole: (wanted: { readonly path: string; readonly folder?: string }) => Promise<void>;
  readonly log: (line: { readonly level: keyof Log; readonly text: string }) => void;
};
