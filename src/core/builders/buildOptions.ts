/** How to build; names follow ZenML's `docker_build_options`, in camelCase. Checked by `checkBuildOptions` before anything is sent. */
export interface BuildOptions {
  /** Absolute path; default is `Dockerfile` in the context's root. May lie outside the context. */
  readonly dockerfile?: string;
  /** Full names with tags, besides the image name itself. */
  readonly tags?: readonly string[];
  readonly buildArgs?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  /** The stage to stop at. */
  readonly target?: string;
  /** `os/arch[/variant]`. */
  readonly platform?: string;
  readonly networkMode?: string;
  readonly cacheFrom?: readonly string[];
  /** `host:ip` each. */
  readonly extraHosts?: readonly string[];
  readonly noCache?: boolean;
  readonly pull?: boolean;
  readonly squash?: boolean;
  readonly shmSizeBytes?: number;
  /** Which builder of the daemon: `auto` takes BuildKit where the daemon has it. */
  readonly builder?: "auto" | "buildkit" | "classic";
}
