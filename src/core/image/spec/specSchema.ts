import * as z from "zod";
import { architectures } from "../definition/platform";
import type { Secret } from "../definition/secret";

/** Creates a schema for one or more strings; its output is a list. */
function oneOrMore(description: string) {
  const one = z.string().min(1);
  return z.union([one.transform((text) => [text]), z.array(one)]).meta({ description });
}

/** Creates a schema for a key that may have no value, as in `codeBundle:`. */
function orNothing<Schema extends z.ZodType>(schema: Schema) {
  return z.union([schema, z.null().transform(() => ({}) as Record<string, never>)]);
}

const text = (description: string): z.ZodString => z.string().min(1).meta({ description });

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

const secretArguments = {
  secretMounts: z
    .union([secretOrName.transform((one) => [one]), z.array(secretOrName)])
    .meta({
      description:
        "Secrets that the steps of this layer can read, by name or with a mount path. " +
        "Their values are never part of the image.",
    })
    .optional(),
};

const pipArguments = {
  indexUrl: text(
    "The package index to use instead of PyPI. Can contain `$NAME` of a mounted secret, but not a password.",
  ).optional(),
  extraIndexUrls: oneOrMore("Additional package indexes.").optional(),
  pre: z.boolean().meta({ description: "Whether pre-releases are allowed. Default: `false`." }).optional(),
  extraArgs: text("Additional arguments for the installer, such as `--no-deps`.").optional(),
  ...secretArguments,
};

const packageArguments = {
  ...pipArguments,
  constraints: oneOrMore(
    "Paths of files with the versions that packages may have, relative to this file. Like pip's `--constraint`.",
  ).optional(),
};

const projectParts = {
  extras: oneOrMore("The project's extras to install.").optional(),
  groups: oneOrMore("The dependency groups to install, such as `dev`. Default: none.").optional(),
};

const dst = text(
  "A folder in the image. Relative paths are resolved from the working directory. Default: `.`.",
).optional();

const projectInstallMode = z
  .enum(["dependencies_only", "install_project"])
  .meta({
    description: "Whether to install only the project's dependencies (default), or the project as well.",
  })
  .optional();

const platform = z
  .union([z.enum(architectures).transform((one) => [one]), z.array(z.enum(architectures)).min(1)])
  .meta({ description: "The platforms to build for, such as `linux/amd64`." })
  .optional();

/** Also accepts a plain number in YAML. The reader keeps it as written, so that 3.10 is not 3.1. */
const pythonVersion = z
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
function texts(description: string) {
  return z
    .record(z.string(), z.union([z.string(), z.number().transform(String), z.boolean().transform(String)]))
    .meta({ description });
}

const naming = {
  registry: text("The registry to push the image to, optionally with a path: `ghcr.io/team`.").optional(),
  registrySecret: secretOrName
    .meta({ description: "The secret with the credentials for pulling from the registry." })
    .optional(),
  name: text("The repository in the registry.").optional(),
};

/** Bases of an image: the constructors of `Image`. */
export const baseSchema = z
  .strictObject({
    debianBase: orNothing(
      z.strictObject({
        pythonVersion,
        flyteVersion: text("The Flyte release in the image.").optional(),
        installFlyte: z
          .boolean()
          .meta({
            description: "Whether to start from Flyte's release image (default) or from Python's slim image.",
          })
          .optional(),
        ...naming,
        platform,
      }),
    ).meta({
      description:
        "Starts from the default image: Flyte's release image or, " +
        "with `installFlyte: false`, Python on Debian with a user `flyte`.",
    }),
    base: z
      .union([
        z
          .string()
          .min(1)
          .transform((imageUri) => ({ imageUri })),
        z.strictObject({ imageUri: text("`<registry>/<name>:<tag>`") }),
      ])
      .meta({
        description:
          "Starts from an existing image, such as `python:3.12-slim`. With layers, `clone` with a name is required.",
      }),
    refName: z
      .union([
        z
          .string()
          .min(1)
          .transform((name) => ({ name })),
        z.strictObject({ name: text("The name in the setting `imageBuilders.images`.") }),
        z.null().transform(() => ({ name: undefined })),
      ])
      .meta({
        description:
          "Starts from an image named in the setting `imageBuilders.images`. Default: `default`. " +
          "With layers, `clone` is required.",
      }),
    uvScript: z
      .strictObject({
        script: text("Path of a Python script, relative to this file."),
        ...naming,
        name: text("The repository in the registry."),
        pythonVersion,
        platform,
        ...pipArguments,
      })
      .meta({
        description:
          "Starts from the header of a script (PEP 723): " +
          "its Python version and its dependencies, on Python's slim image.",
      }),
    dockerfile: z
      .strictObject({
        file: text("Path of the Dockerfile, relative to this file. Its folder is the build context."),
        registry: text("The registry to push the image to."),
        name: text("The repository in the registry."),
        platform,
        buildArgs: texts(
          "Values for the Dockerfile's `ARG`s. They stay in the image's history, so don't use them for secrets.",
        ).optional(),
      })
      .meta({ description: "An image built from a Dockerfile. Layers can't be added." }),
  })
  .partial()
  .meta({
    description: "The base of the image: one of `debianBase`, `base`, `refName`, `uvScript` and `dockerfile`.",
    minProperties: 1,
    maxProperties: 1,
  });

/** A command as words, or as a text for the shell. */
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

/** Entry of `layers`: one of the `with…` methods of `Image`. */
export const layerSchema = z
  .strictObject({
    aptPackages: z
      .union([
        packages.transform((packages) => ({ packages, secretMounts: undefined })),
        z.strictObject({ packages, ...secretArguments }),
      ])
      .meta({ description: "Installs Debian packages." }),
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
        commands.transform((commands) => ({ commands, secretMounts: undefined })),
        z.strictObject({ commands, ...secretArguments }),
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

/** Complete image spec: a base, the options of its clone, and layers. */
export const specSchema = z
  .strictObject({
    $schema: z.string().meta({ description: "The location of this schema, for editors." }).optional(),
    from: baseSchema,
    clone: z
      .strictObject({
        ...naming,
        baseImage: text("The image to start from, instead of the previous one.").optional(),
        pythonVersion,
        platform,
        extendable: z
          .boolean()
          .meta({ description: "Whether layers can be added. Default: `true` if there are layers." })
          .optional(),
        uvVersion: text("The version of uv. Default: the one in the setting `imageBuilders.uvImage`.").optional(),
        systemSitePackages: z
          .boolean()
          .meta({
            description:
              "Whether Python packages of the base are available too, such as PyTorch in an image with CUDA. " +
              "Default: `false`.",
          })
          .optional(),
      })
      .meta({
        description: "The image's name and registry, and other changes to the base.",
      })
      .optional(),
    layers: z.array(layerSchema).meta({ description: "The layers to add to the image, in order." }).optional(),
  })
  .meta({ title: "Image Builders: image spec", patternProperties: { "^x-": {} } });

/** Parsed image spec, with the arguments of each layer and base in the long form. */
export type SpecDocument = z.output<typeof specSchema>;

/** Image spec as written in a file. */
export type SpecInput = z.input<typeof specSchema>;

/** Key of a layer in an image spec. */
export type LayerKey = keyof typeof layerSchema.shape;

/** Key of a base in an image spec. */
export type BaseKey = keyof typeof baseSchema.shape;
