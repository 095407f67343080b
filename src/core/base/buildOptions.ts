/** Which of the daemon's two builders does the work; `auto` takes BuildKit where the daemon has it. */
export type BuilderChoice = "auto" | "buildkit" | "classic";

/** Where a build secret's value is when the daemon asks for it; the value itself is never an option. */
export type SecretSource =
  /** The name of a variable of this process's environment. */
  | { readonly env: string }
  /** Absolute, relative to the context's folder, or `~/` and a path in the home folder. */
  | { readonly file: string }
  /** The name of a secret that is stored on this machine. */
  | { readonly secret: string };

/** Where a build's result goes, instead of becoming an image of the daemon. */
export interface BuildOutput {
  /** The files as a folder or a tar, or the image as an archive in the form of OCI or of `docker save`. */
  readonly type: "local" | "tar" | "oci" | "docker";
  /** Absolute path of the folder or file. A folder keeps what else is in it; a file is replaced. */
  readonly dest: string;
}

/** How to build; `checkBuildOptions` checks it before anything is sent. */
export interface BuildOptions {
  /** Absolute path; default is `Dockerfile` in the context's root. May lie outside the context. */
  readonly dockerfile?: string;
  /** Full names with tags, besides the image name itself. */
  readonly tags?: readonly string[];
  readonly buildArgs?: Readonly<Record<string, string>>;
  /**
   * What stands for stages and images of the Dockerfile, by name, as `--build-context` of buildx; BuildKit only.
   * Each is a folder, absolute, relative to the context's folder or from `~/` on, with an ignore file of its own, or
   * `docker-image://<name>`, or the address of a Git repository or of a file (`https://…`, `git://…`, `git@…`).
   */
  readonly buildContexts?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  /** The stage to stop at. */
  readonly target?: string;
  /** `os/architecture[/variant]`; several, separated by commas, where BuildKit has containerd's image store. */
  readonly platform?: string;
  /** `default`, `host` or `none`; the classic builder also takes a network's name. */
  readonly networkMode?: string;
  /** Images whose cache may be used, by name or as `type=registry,ref=<name>`. */
  readonly cacheFrom?: readonly string[];
  /** Where the cache goes, as for buildx: `type=inline` or `type=registry,ref=<name>[,mode=max]`; BuildKit only. */
  readonly cacheTo?: readonly string[];
  /** `host:address` each. */
  readonly extraHosts?: readonly string[];
  readonly noCache?: boolean;
  /** Stages that are built without the cache; BuildKit only. */
  readonly noCacheFilter?: readonly string[];
  /** Whether to look for newer base images even where the daemon has one. */
  readonly pull?: boolean;
  /** What `RUN --mount=type=secret` may read, by its id; BuildKit only. At most 500 KiB each. */
  readonly secrets?: Readonly<Record<string, SecretSource>>;
  /**
   * What `RUN --mount=type=ssh` may sign with, by its id, which is `default` if the mount names none; BuildKit only.
   * `agent` is the one that `SSH_AUTH_SOCK` names; else an agent's socket or a private key without a passphrase,
   * absolute or from `~/` on.
   */
  readonly ssh?: Readonly<Record<string, string>>;
  /** BuildKit only; such a result cannot be pushed. */
  readonly output?: BuildOutput;
  /** BuildKit takes notice of it, and of `ulimits`, from Docker 23 on; else the classic builder builds. */
  readonly shmSizeBytes?: number;
  /** Such as `nofile=1024:2048`, soft and hard, or `nproc=64` for both. */
  readonly ulimits?: readonly string[];
  /** Classic builder with experimental features only. Neither of this nor of the limits below BuildKit takes notice. */
  readonly squash?: boolean;
  readonly memoryBytes?: number;
  /** -1 for no limit. */
  readonly memorySwapBytes?: number;
  readonly cpuShares?: number;
  /** Such as `0-2` or `0,1`. */
  readonly cpuSetCpus?: string;
  /** Windows daemons only. */
  readonly isolation?: "default" | "process" | "hyperv";
  readonly builder?: BuilderChoice;
}
