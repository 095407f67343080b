import * as z from "zod";
import { architectures } from "../definition/platform";
import type { Secret } from "../definition/secret";

/** Creates a schema for one or more strings; its output is a list. */
export function oneOrMore(description: string) {
  const one = z.string().min(1);
  return z.union([one.transform((text) => [text]), z.array(one)]).meta({ description });
}

/** Creates a schema for a key that may have no value, as in `codeBundle:`. */
export function orNothing<Schema extends z.ZodType>(schema: Schema) {
  return z.union([schema, z.null().transform(() => ({}) as Record<string, never>)]);
}

/** A non-empty text. */
export const text = (description: string): z.ZodString => z.string().min(1).meta({ description });

const secret: z.ZodType<Secret> = z
  .strictObject({
    key: text("The name of the stored secret."),
    group: text("The group that the secret belongs to.").optional(),
    mount: text(
      "Absolute path of the file that holds the value during the step. " +
        "If omitted, the value is in an environment variable.",
    ).optional(),
    asEnvVar: text("Name of the environment variable. Default: `GROUP_KEY` or `KEY`, in uppercase.").optional(),
  })
  .meta({ description: "A secret that the steps can read. Its value is never part of the image." });

const secretOrName = z.union([text("The name of the stored secret."), secret]);

/** Keys of layers whose steps can read secrets. */
export const secretArguments = {
  secretMounts: z
    .union([secretOrName.transform((one) => [one]), z.array(secretOrName)])
    .meta({
      description:
        "Secrets that the steps of this layer can read, by name or with a mount path. " +
        "Their values are never part of the image.",
    })
    .optional(),
};

/** Keys of layers whose steps can use SSH. */
export const sshArguments = {
  sshMount: z
    .union([
      text("The id of the SSH agent or key, such as `default`."),
      z.strictObject({
        id: text("The id of the SSH agent or key. Default: `default`.").optional(),
        knownHosts: text(
          "Path of a file with the host keys of the servers, relative to this file, as in OpenSSH's `known_hosts`. " +
            "Default: the keys of GitHub, GitLab, and Bitbucket.",
        ).optional(),
      }),
    ])
    .meta({
      description:
        "SSH agent or key that the steps of this layer can use, such as for `git+ssh://` packages, by its id in the " +
        "setting `imageBuilders.buildSsh`. It is never part of the image.",
    })
    .optional(),
};

/** Keys of layers that install Python packages. */
export const pipArguments = {
  indexUrl: text(
    "The package index to use instead of PyPI. Can contain `$NAME` of a mounted secret, but not a password.",
  ).optional(),
  extraIndexUrls: oneOrMore("Additional package indexes.").optional(),
  pre: z.boolean().meta({ description: "Whether pre-releases are allowed. Default: `false`." }).optional(),
  extraArgs: text("Additional arguments for the installer, such as `--no-deps`.").optional(),
  ...secretArguments,
  ...sshArguments,
};

/** Keys of `pipPackages` and `requirements`. */
export const packageArguments = {
  ...pipArguments,
  constraints: oneOrMore(
    "Paths of files with the versions that packages may have, relative to this file. Like pip's `--constraint`.",
  ).optional(),
};

/** Keys that select parts of a project. */
export const projectParts = {
  extras: oneOrMore("The project's extras to install.").optional(),
  groups: oneOrMore("The dependency groups to install, such as `dev`. Default: none.").optional(),
};

/** Destination of a copy. */
export const dst = text(
  "A folder in the image. Relative paths are resolved from the working directory. Default: `.`.",
).optional();

/** Whether a project is installed with its dependencies. */
export const projectInstallMode = z
  .enum(["dependencies_only", "install_project"])
  .meta({
    description: "Whether to install only the project's dependencies (default), or the project as well.",
  })
  .optional();

/** One or more platforms; the output is a list. */
export const platform = z
  .union([z.enum(architectures).transform((one) => [one]), z.array(z.enum(architectures)).min(1)])
  .meta({ description: "The platforms to build for, such as `linux/amd64`." })
  .optional();

/** Version of Python, also as a plain number in YAML. The reader keeps it as written, so that 3.10 is not 3.1. */
export const pythonVersion = z
  .union([
    z
      .string()
      .regex(/^\d+\.\d+$/)
      .transform((version) => version.split(".").map(Number) as [number, number]),
    z
      .number()
      .transform((version) => String(version).split(".").map(Number) as [number, number])
      .meta({ not: { type: "integer" }, minimum: 2 }),
    z.tuple([z.int(), z.int()]),
  ])
  .meta({ description: "Major and minor version of Python, such as `3.12`. Default: 3.12." })
  .optional();

/** Texts by name, also written as numbers and booleans. */
export function texts(description: string) {
  return z
    .record(z.string(), z.union([z.string(), z.number().transform(String), z.boolean().transform(String)]))
    .meta({ description });
}

/** Keys that name an image. */
export const naming = {
  registry: text("The registry to push the image to, optionally with a path: `ghcr.io/team`.").optional(),
  registrySecret: secretOrName
    .meta({ description: "The secret with the credentials for pulling from the registry." })
    .optional(),
  name: text("The repository in the registry.").optional(),
};
