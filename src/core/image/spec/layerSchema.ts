import * as z from "zod";
import {
  dst,
  oneOrMore,
  orNothing,
  packageArguments,
  pipArguments,
  projectInstallMode,
  projectParts,
  secretArguments,
  sshArguments,
  text,
  texts,
} from "./specParts";

/** Creates a schema for a command as words, or as a text for the shell. */
function command(description: string) {
  return z
    .union([z.string().min(1), z.array(z.string())])
    .transform((command) => ({ command }))
    .meta({ description });
}

const port = z.union([z.string().min(1), z.int().transform(String)]);

const packages = oneOrMore("The packages.");
const file = text("Path of the requirements file, relative to this file; ends in `.txt`.");
const commands = oneOrMore("The commands. Each runs as a separate step. Omit the word RUN.");
const src = text("Path of the folder, relative to this file.");
const srcs = oneOrMore("Paths of the files, relative to this file.");
const pyprojectFile = text("Path of the project's `pyproject.toml`, relative to this file.");

/** Packages of the base's package manager. */
function systemPackages(description: string) {
  return z
    .union([
      packages.transform((packages) => ({ packages, secretMounts: undefined })),
      z.strictObject({ packages, ...secretArguments }),
    ])
    .meta({ description });
}

/** Entry of `layers`: one of the `with…` methods of `Image`. */
export const layerSchema = z
  .strictObject({
    aptPackages: systemPackages("Installs Debian packages."),
    apkPackages: systemPackages("Installs packages of Alpine, on a base with apk."),
    dnfPackages: systemPackages("Installs packages with dnf, as on Fedora, Rocky Linux, AlmaLinux, and UBI."),
    microdnfPackages: systemPackages("Installs packages with microdnf, as on UBI's minimal images."),
    pipPackages: z
      .union([packages.transform((packages) => ({ packages })), z.strictObject({ packages, ...packageArguments })])
      .meta({ description: "Installs Python packages, in pip's syntax: `pandas>=2,<3`." }),
    requirements: z.union([file.transform((file) => ({ file })), z.strictObject({ file, ...packageArguments })]).meta({
      description: "Installs the packages in a requirements file, including files referenced with `-r` and `-c`.",
    }),
    envVars: z
      .record(
        z.string(),
        z.union([
          z.string(),
          z.number().transform(String),
          z.boolean().transform(String),
          z.strictObject({ expand: z.string().meta({ description: "The value, in which `$NAME` is expanded." }) }),
          z
            .strictObject({ literal: z.string().meta({ description: "The value, in which `$NAME` stays as it is." }) })
            .transform(({ literal }) => literal),
        ]),
      )
      .transform((envVars) => ({ envVars }))
      .meta({
        description:
          "Sets environment variables, in order. In the value of NAME, `$NAME` is its previous value; " +
          "everything else is literal, unless the value is `{ expand: … }`.",
      }),
    workdir: text("Sets the working directory, an absolute path in the image. Replaces any previous one.").transform(
      (workdir) => ({ workdir }),
    ),
    commands: z
      .union([
        commands.transform((commands) => ({ commands, secretMounts: undefined, sshMount: undefined })),
        z.strictObject({ commands, ...secretArguments, ...sshArguments }),
      ])
      .meta({ description: "Runs commands, each as a separate step. Omit the word RUN." }),
    sourceFolder: z
      .union([
        src.transform((src) => ({ src })),
        z.strictObject({
          src,
          dst,
          copyContentsOnly: z
            .boolean()
            .meta({
              description:
                "Whether to copy the folder's contents directly into `dst`, even if `dst` is `.`. Default: `false`.",
            })
            .optional(),
        }),
      ])
      .meta({
        description:
          "Copies a folder to `./<its name>`, or its contents to `dst`, without the files that the ignore " +
          "file excludes.",
      }),
    sourceFile: z
      .union([srcs.transform((src) => ({ src })), z.strictObject({ src: srcs, dst })])
      .meta({ description: "Copies files into a folder." }),
    codeBundle: orNothing(
      z.strictObject({
        copyStyle: z
          .enum(["loaded_modules", "all"])
          .meta({ description: "Which files to copy: only imported files (default), or all." })
          .optional(),
        dst,
      }),
    ).meta({ description: "Copies the project's code, after all other layers." }),
    dockerignore: text(
      "Path of the ignore file for copied folders, relative to this file. The last one specified is used.",
    ).transform((path) => ({ path })),
    uvProject: z
      .union([
        pyprojectFile.transform((pyprojectFile) => ({ pyprojectFile })),
        z.strictObject({
          pyprojectFile,
          uvlock: text(
            "Path of the lock file. Default: the `uv.lock` next to the project's file, if it exists.",
          ).optional(),
          projectInstallMode,
          ...projectParts,
          ...pipArguments,
        }),
      ])
      .meta({ description: "Installs a project, or only its dependencies, with uv." }),
    poetryProject: z
      .union([
        pyprojectFile.transform((pyprojectFile) => ({ pyprojectFile })),
        z.strictObject({
          pyprojectFile,
          poetryLock: text("Path of the lock file. Default: the `poetry.lock` next to the project's file.").optional(),
          projectInstallMode,
          ...projectParts,
          poetryVersion: text("The version of Poetry. Default: the one that wrote the lock file.").optional(),
          extraArgs: text("Additional arguments for `poetry install`.").optional(),
          ...secretArguments,
          ...sshArguments,
        }),
      ])
      .meta({ description: "Installs a project, or only its dependencies, with Poetry." }),
    user: z
      .union([z.string().min(1), z.int().transform(String)])
      .transform((user) => ({ user }))
      .meta({
        description:
          "Sets the user that the image runs as, by name or number. Replaces any previous one. " +
          "A name that the base doesn't know becomes a new user. Copied files belong to the user.",
      }),
    entrypoint: command("Sets the program that the image runs, as a list of words or as a shell command."),
    cmd: command(
      "Sets the default command, or the arguments of `entrypoint`, as a list of words or as a shell command.",
    ),
    expose: z
      .union([port.transform((one) => [one]), z.array(port)])
      .transform((ports) => ({ ports }))
      .meta({ description: "The ports that the image listens on, such as `8080` or `53/udp`." }),
    labels: texts("Adds labels to the image.").transform((labels) => ({ labels })),
    buildArgs: texts(
      "Sets variables that only later commands see. They stay in the image's history, so don't use them for secrets.",
    ).transform((buildArgs) => ({ buildArgs })),
    localV2: orNothing(z.strictObject({})).meta({
      description: "Installs Flyte from the wheels in `dist`. For Flyte developers.",
    }),
    localV2Plugins: oneOrMore(
      "Installs Flyte plugins, named `flyteplugins-…`, from the wheels in `plugins/<name>/dist`. For Flyte developers.",
    ).transform((plugins) => ({ plugins })),
  })
  .partial()
  .meta({ description: "One layer, with its kind as the key.", minProperties: 1, maxProperties: 1 });

/** Key of a layer in an image spec. */
export type LayerKey = keyof typeof layerSchema.shape;
