/** Builder of the daemon to use; `auto` uses BuildKit if the daemon has it. */
export type BuilderChoice = "auto" | "buildkit" | "classic";

/** Source of a build secret's value when the daemon requests it; the value itself is never an option. */
export type SecretSource =
  /** Name of a variable in this process's environment. */
  | { readonly env: string }
  /** Absolute path, path relative to the context's folder, or `~/` and a path in the home folder. */
  | { readonly file: string }
  /** Name of a secret that is stored on this machine. */
  | { readonly secret: string };

/** Destination of a build's result, if it does not become an image of the daemon. */
export interface BuildOutput {
  /**
   * `local` and `tar` are the files as a folder or a tar archive, `oci` and `docker` the image as an archive in the OCI
   * format or that of `docker save`.
   */
  readonly type: "local" | "tar" | "oci" | "docker";
  /** Absolute path of the folder or file. Other files in an existing folder are kept; an existing file is replaced. */
  readonly dest: string;
}

/** Options of a build; `checkBuildOptions` checks them before anything is sent. */
export interface BuildOptions {
  /** Absolute path, which may be outside the context; default is `Dockerfile` in the context's root. */
  readonly dockerfile?: string;
  /** Full names with tags, in addition to the image name itself. */
  readonly tags?: readonly string[];
  readonly buildArgs?: Readonly<Record<string, string>>;
  /**
   * Replacements for stages and images of the Dockerfile, by name, like buildx's `--build-context`; BuildKit only. Each
   * is a folder (an absolute path, a path relative to the context's folder, or one that starts with `~/`) with its own
   * ignore file, or `docker-image://<name>`, or the address of a Git repository or a file (`https://…`, `git://…`,
   * `git@…`).
   */
  readonly buildContexts?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  /** Stage to stop at; default is the last one. */
  readonly target?: string;
  /** `os/architecture[/variant]`, or a comma-separated list of these if BuildKit uses containerd's image store. */
  readonly platform?: string;
  /** `default`, `host`, or `none`; the classic builder also accepts the name of a network. */
  readonly networkMode?: string;
  /** Images whose cache may be used, by name or as `type=registry,ref=<name>`. */
  readonly cacheFrom?: readonly string[];
  /** Destinations of the cache, as in buildx: `type=inline` or `type=registry,ref=<name>[,mode=max]`; BuildKit only. */
  readonly cacheTo?: readonly string[];
  /** Additional host names, each as `host:address`. */
  readonly extraHosts?: readonly string[];
  readonly noCache?: boolean;
  /** Stages to build without the cache; BuildKit only. */
  readonly noCacheFilter?: readonly string[];
  /** Whether to check for newer base images even if the daemon has them. */
  readonly pull?: boolean;
  /** Secrets for `RUN --mount=type=secret`, by id; BuildKit only. At most 500 KiB each. */
  readonly secrets?: Readonly<Record<string, SecretSource>>;
  /**
   * SSH agents and keys for `RUN --mount=type=ssh`, by id, which is `default` if the mount specifies none; BuildKit
   * only. `agent` is the agent in `SSH_AUTH_SOCK`; otherwise the path of an agent's socket or of a private key without
   * a passphrase, absolute or starting with `~/`.
   */
  readonly ssh?: Readonly<Record<string, string>>;
  /** Default is an image in the daemon. BuildKit only; an exported result can't be pushed. */
  readonly output?: BuildOutput;
  /**
   * Size of `/dev/shm`. BuildKit honors this option and `ulimits` since Docker 23; before, the classic builder is used.
   */
  readonly shmSizeBytes?: number;
  /** Such as `nofile=1024:2048` (soft and hard limit) or `nproc=64` (both). */
  readonly ulimits?: readonly string[];
  /**
   * Merges the new layers into one; requires a classic builder with experimental features. BuildKit ignores this option
   * and the limits below.
   */
  readonly squash?: boolean;
  readonly memoryBytes?: number;
  /** Memory and swap together; -1 means no limit. */
  readonly memorySwapBytes?: number;
  readonly cpuShares?: number;
  /** CPUs to use, such as `0-2` or `0,1`. */
  readonly cpuSetCpus?: string;
  /** Isolation technology of the build's containers; Windows daemons only. */
  readonly isolation?: "default" | "process" | "hyperv";
  readonly builder?: BuilderChoice;
}
