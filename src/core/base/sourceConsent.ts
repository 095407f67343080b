/**
 * Author of a value, if it is not the person: the settings of a workspace, another file in it, or a program that calls
 * a command, such as a task. Absent for the person's own settings and answers.
 */
export type Origin = "workspace" | "file" | "program";

/** Source that is read or used. */
export type Source =
  /** Values of one stored secret, by their sorted keys. */
  | { readonly kind: "secret"; readonly name: string; readonly keys: readonly string[] }
  /** Variable of this process's environment. */
  | { readonly kind: "environment"; readonly name: string }
  /** File by its absolute path, with symlinks resolved. */
  | { readonly kind: "file"; readonly path: string }
  /** Private key for signing, by its absolute path, with symlinks resolved. */
  | { readonly kind: "sshKey"; readonly path: string }
  /** Keys of an SSH agent, by its socket. */
  | { readonly kind: "sshAgent"; readonly socket: string }
  /** Folder that a build may copy from, by its absolute path, with symlinks resolved. */
  | { readonly kind: "folder"; readonly path: string }
  /** Files outside the workspace, or folders with all their files, by their sorted absolute paths without links. */
  | { readonly kind: "outsideFiles"; readonly paths: readonly string[] }
  /** Names of the folders in folders outside the workspace, by their sorted absolute paths without links. */
  | { readonly kind: "outsideNames"; readonly paths: readonly string[] }
  /** Content that a build fetches instead of a stage or image: an image, a repository, or a file of a web server. */
  | { readonly kind: "remoteContext"; readonly address: string }
  /** Account with which this machine is signed in to a cloud. */
  | { readonly kind: "signIn"; readonly cloud: string; readonly profile?: string }
  /** Requests and logins on a connection without TLS, or with a certificate that isn't verified. */
  | { readonly kind: "insecureConnection" }
  /** Whole builds: Dockerfiles, contexts, the sources they may read, and logins to registries. */
  | { readonly kind: "builds" };

/** Destination of a source. */
export type Destination =
  /** Registry or service by its host; `registry` is the registry to sign in to, if that is a different host. */
  | { readonly kind: "host"; readonly host: string; readonly registry?: string }
  /** Docker daemon by its address. */
  | { readonly kind: "daemon"; readonly address: string }
  /** Steps of a build of a folder, by the address of the daemon or builder that runs them. */
  | { readonly kind: "build"; readonly folder: string; readonly address: string; readonly isLocal: boolean }
  /**
   * Component that a flavor creates from a configuration in JSON; `addresses` are the values of the configuration that
   * name a place.
   */
  | {
      readonly kind: "flavor";
      readonly flavor: string;
      readonly configuration: string;
      readonly addresses: readonly string[];
    }
  /** Image whose programs run in the build. */
  | { readonly kind: "image"; readonly name: string }
  /** Image of a spec, by the address of the daemon or builder that builds it; without `registry`, it isn't pushed. */
  | {
      readonly kind: "builtImage";
      readonly name: string;
      readonly registry?: string;
      readonly address: string;
    };

/** Component, setting, or part of a build that requests a source. */
export interface Requester {
  readonly kind:
    "builder" | "registry" | "connector" | "setting" | "buildSecret" | "buildSsh" | "buildContext" | "image";
  /** Name of the component, connector, setting, or image, or id of the secret or agent in the Dockerfile. */
  readonly name: string;
  readonly from?: Origin;
  /** File or command that makes the request, if `from` alone does not identify it. */
  readonly place?: string;
}

/** One use of a source; a confirmation applies to exactly this combination. */
export interface SourceRequest {
  readonly source: Source;
  readonly destination: Destination;
  readonly requestedBy: Requester;
}

/** Decides whether sources may be used. Without it, the caller is responsible for all sources that it passes. */
export interface SourceConsent {
  /**
   * Returns once the use is allowed; called before each use, since what was confirmed may be revoked.
   *
   * @throws ImageBuilderError `sourceNotConfirmed`; the signal's reason when aborted
   */
  confirm(request: SourceRequest, signal?: AbortSignal): Promise<void>;
}
