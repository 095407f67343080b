import { secretId, type Secret } from "../definition/secret";

/** Mount of a RUN. Paths need no quoting. */
export type Mount =
  /** Cache that is kept between builds, and shared by all mounts with the same `id`. */
  | { readonly cache: string; readonly id: string }
  /** File or folder of the build context. */
  | { readonly context: string; readonly target: string; readonly writable?: boolean }
  /** A file of another stage. */
  | { readonly stage: string; readonly source: string; readonly target: string }
  /** A folder in memory, of which nothing stays. */
  | { readonly memory: string };

/** Use of SSH in a RUN. */
export interface RunSsh {
  readonly id: string;
  /** File of the build context with the host keys of servers. */
  readonly hostKeys: string;
}

/** Requirements of a RUN. */
export interface RunOptions {
  readonly mounts?: readonly Mount[];
  readonly secrets?: readonly Secret[];
  readonly ssh?: RunSsh;
}

/**
 * Renders a RUN instruction, with one flag per line. Secrets are mounted as files, from which the command sets their
 * variables, because mounting them as variables requires a newer frontend than many daemons have.
 */
export function run(command: string, { mounts = [], secrets = [], ssh }: RunOptions = {}): string {
  const exports = secrets.flatMap((secret) =>
    secret.mount === undefined ? [`export ${secret.asEnvVar}="$(cat ${secretFile(secret)})"; `] : [],
  );
  const flags = [...mounts.map(mountFlag), ...(ssh ? sshFlags(ssh) : []), ...secrets.map(secretFlag)];
  return `RUN ${[...flags, commandText(exports.join(""), command)].join(" \\\n    ")}`;
}

function mountFlag(mount: Mount): string {
  if ("cache" in mount) return `--mount=type=cache,sharing=locked,mode=0777,target=${mount.cache},id=${mount.id}`;
  if ("memory" in mount) return `--mount=type=tmpfs,target=${mount.memory}`;
  if ("stage" in mount) return `--mount=type=bind,from=${mount.stage},source=${mount.source},target=${mount.target}`;
  return `--mount=type=bind,source=${mount.context},target=${mount.target}${mount.writable ? ",rw" : ""}`;
}

/** Mounts the host keys where ssh looks for them besides the base's own. Of servers without a key, ssh accepts none. */
function sshFlags({ id, hostKeys }: RunSsh): string[] {
  return [
    `--mount=type=ssh,id=${id},required=true`,
    mountFlag({ context: hostKeys, target: "/etc/ssh/ssh_known_hosts2" }),
  ];
}

function secretFlag(secret: Secret): string {
  const target = secret.mount === undefined ? "" : `,target=${secret.mount}`;
  return `--mount=type=secret,id=${secretId(secret)}${target},required=true`;
}

function secretFile(secret: Secret): string {
  return `/run/secrets/${secretId(secret)}`;
}

/**
 * Renders a command as one line in shell form if the builder can parse it; otherwise, in exec form: commands with
 * several lines, a here-document, or a beginning with another meaning.
 */
function commandText(exports: string, command: string): string {
  const isPlain = !/[\r\n]|<<|\\\s*$|^\s*[[#-]/.test(command);
  // A shell reads a command that begins with a dash as an option.
  return isPlain
    ? exports + command.trim()
    : JSON.stringify(["/bin/sh", "-c", (exports + command).replace(/^-/, " -")]);
}
