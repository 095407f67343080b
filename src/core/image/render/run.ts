import { secretId, type Secret } from "../definition/secret";

/** Something that a RUN sees while it runs. Paths are plain already. */
export type Mount =
  /** Kept between builds; `id` is shared by all that use it. */
  | { readonly cache: string; readonly id: string }
  /** A file or folder of the context. */
  | { readonly context: string; readonly target: string; readonly writable?: boolean }
  /** A file of another stage. */
  | { readonly stage: string; readonly source: string; readonly target: string }
  /** A folder in memory, of which nothing stays. */
  | { readonly memory: string };

/** A RUN with what it needs. */
export interface RunOptions {
  readonly mounts?: readonly Mount[];
  readonly secrets?: readonly Secret[];
}

/**
 * A RUN instruction, one flag a line. Secrets are mounted as files and read from there into their variables, because
 * only newer frontends than many daemons have can mount them as variables.
 */
export function run(command: string, { mounts = [], secrets = [] }: RunOptions = {}): string {
  const exports = secrets.flatMap((secret) =>
    secret.mount === undefined ? [`export ${secret.asEnvVar}="$(cat ${secretFile(secret)})"; `] : [],
  );
  const flags = [...mounts.map(mountFlag), ...secrets.map(secretFlag)];
  return `RUN ${[...flags, commandText(exports.join(""), command)].join(" \\\n    ")}`;
}

function mountFlag(mount: Mount): string {
  if ("cache" in mount) return `--mount=type=cache,sharing=locked,mode=0777,target=${mount.cache},id=${mount.id}`;
  if ("memory" in mount) return `--mount=type=tmpfs,target=${mount.memory}`;
  if ("stage" in mount) return `--mount=type=bind,from=${mount.stage},source=${mount.source},target=${mount.target}`;
  return `--mount=type=bind,source=${mount.context},target=${mount.target}${mount.writable ? ",rw" : ""}`;
}

function secretFlag(secret: Secret): string {
  const target = secret.mount === undefined ? "" : `,target=${secret.mount}`;
  return `--mount=type=secret,id=${secretId(secret)}${target},required=true`;
}

function secretFile(secret: Secret): string {
  return `/run/secrets/${secretId(secret)}`;
}

/**
 * A command as it is where the builder takes it for one line of a shell, else as a list: what spans lines, has a
 * here-document, or begins like something else.
 */
function commandText(exports: string, command: string): string {
  const isPlain = !/[\r\n]|<<|\\\s*$|^\s*[[#-]/.test(command);
  // A shell takes what begins with a dash for an option.
  return isPlain
    ? exports + command.trim()
    : JSON.stringify(["/bin/sh", "-c", (exports + command).replace(/^-/, " -")]);
}
