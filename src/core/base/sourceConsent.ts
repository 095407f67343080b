/**
 * Says who wrote something down where that is not the person: the settings of a workspace, another file of it, or a
 * program that calls a command, such as a task. Absent for the person's own settings and answers.
 */
export type Origin = "workspace" | "file" | "program";

/** What is read or used. */
export type Source =
  /** Values of one stored secret, by their keys in order. */
  | { readonly kind: "secret"; readonly name: string; readonly keys: readonly string[] }
  /** A variable of this process's environment. */
  | { readonly kind: "environment"; readonly name: string }
  /** A file by its absolute path, links followed. */
  | { readonly kind: "file"; readonly path: string }
  /** A private key to sign with, by its absolute path, links followed. */
  | { readonly kind: "sshKey"; readonly path: string }
  /** The keys that an SSH agent holds, by its socket. */
  | { readonly kind: "sshAgent"; readonly socket: string }
  /** A folder that a build may copy from, by its absolute path, links followed. */
  | { readonly kind: "folder"; readonly path: string }
  /** What a build fetches in place of a stage or image: an image, a repository or a file of a web server. */
  | { readonly kind: "remoteContext"; readonly address: string }
  /** The account that this machine is signed in to a cloud with. */
  | { readonly kind: "signIn"; readonly cloud: string; readonly profile?: string }
  /** Requests and logins on a connection without TLS, or with a certificate that isn't verified. */
  | { readonly kind: "insecureConnection" }
  /** Whole builds: Dockerfiles, contexts, what they may read, and logins to registries. */
  | { readonly kind: "builds" };

/** Where it goes. */
export type Destination =
  /** A registry or service by its host; `registry` is the one that is signed in to, where that is another. */
  | { readonly kind: "host"; readonly host: string; readonly registry?: string }
  /** A Docker daemon, by its address. */
  | { readonly kind: "daemon"; readonly address: string }
  /** The steps of a build of a folder, by the address of the daemon or of the builder that runs them. */
  | { readonly kind: "build"; readonly folder: string; readonly address: string; readonly isLocal: boolean }
  /** What a flavor makes of a configuration, as JSON; `addresses` are the configuration's values that name a place. */
  | {
      readonly kind: "flavor";
      readonly flavor: string;
      readonly configuration: string;
      readonly addresses: readonly string[];
    }
  /** An image whose programs run inside the build. */
  | { readonly kind: "image"; readonly name: string };

/** What asks for it. */
export interface Requester {
  readonly kind: "builder" | "registry" | "connector" | "setting" | "buildSecret" | "buildSsh" | "buildContext";
  /** The name of the component, connector or setting, or the id that a Dockerfile knows the secret or agent by. */
  readonly name: string;
  readonly from?: Origin;
  /** The file or the command that asks, where `from` alone does not tell. */
  readonly place?: string;
}

/** One use of a source: exactly this triple is confirmed. */
export interface SourceRequest {
  readonly source: Source;
  readonly destination: Destination;
  readonly requestedBy: Requester;
}

/** Decides whether sources may be used. Without one, the caller answers for all that it hands in. */
export interface SourceConsent {
  /**
   * Returns once the use is allowed; called before each use, since what was confirmed may be revoked.
   *
   * @throws ImageBuilderError `sourceNotConfirmed`; the signal's reason when aborted
   */
  confirm(request: SourceRequest, signal?: AbortSignal): Promise<void>;
}
