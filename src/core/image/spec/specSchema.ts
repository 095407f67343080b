import * as z from "zod";
import { architectures } from "../definition/platform";
import type { Secret } from "../definition/secret";

/** A text or several; yields a list. */
function oneOrMore(description: string) {
  const one = z.string().min(1);
  return z.union([one.transform((text) => [text]), z.array(one)]).meta({ description });
}

/** A key that may stand alone, as in `codeBundle:`. */
function orNothing<Schema extends z.ZodType>(schema: Schema) {
  return z.union([schema, z.null().transform(() => ({}) as Record<string, never>)]);
}

const text = (description: string): z.ZodString => z.string().min(1).meta({ description });

const secret: z.ZodType<Secret> = z
  .strictObject({
    key: text("The secret's name, as it is stored."),
    group: text("The group that the secret belongs to.").optional(),
    mount: text(
      "Absolute path of the file that holds the value during the step. Without it the value is in an environment variable.",
    ).optional(),
    asEnvVar: text("Name of the environment variable; default is `GROUP_KEY` or `KEY`, in upper case.").optional(),
  })
  .meta({ description: "A secret that the steps may read. Its value is never part of the image." });

const secretOrName = z.union([text("The secret's name, as it is stored."), secret]);

const secretArguments = {
  secretMounts: z
    .union([secretOrName.transform((one) => [one]), z.array(secretOrName)])
    .meta({
      description:
        "Secrets that the steps of this layer may read, by name or with where they are mounted. Their values are never part of the image.",
    })
    .optional(),
};

const pipArguments = {
  indexUrl: text(
    "The package index in place of PyPI. May hold `$NAME` of a mounted secret, but no password.",
  ).optional(),
  extraIndexUrls: oneOrMore("Package indexes besides the first.").optional(),
  pre: z.boolean().meta({ description: "Whether pre-releases are taken; default is `false`." }).optional(),
  extraArgs: text("More arguments for the installer, such as `--no-deps`.").optional(),
  ...secretArguments,
};

const dst = text("A folder in the image; a relative one is below the working directory. Default is `.`.").optional();

const projectInstallMode = z
  .enum(["dependencies_only", "install_project"])
  .meta({
    description: "Whether only what the project depends on is installed, which is the default, or the project too.",
  })
  .optional();

const platform = z
  .union([z.enum(architectures).transform((one) => [one]), z.array(z.enum(architectures)).min(1)])
  .meta({ description: "The platforms to build for, such as `linux/amd64`." })
  .optional();

/** Also as a plain number in YAML: readers take it as it is written, so that 3.10 is not 3.1. */
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
  .meta({ description: "Major and minor version of Python, such as `3.12`. Default is 3.12." })
  .optional();

const naming = {
  registry: text("The registry that the image is pushed to, with a path if wanted: `ghcr.io/team`.").optional(),
  registrySecret: secretOrName
    .meta({ description: "The secret that opens the registry to those who pull." })
    .optional(),
  name: text("The repository below the registry.").optional(),
};

/** What an image may start from: the constructors of `Image`. */
export const baseSchema = z
  .strictObject({
    debianBase: orNothing(
      z.strictObject({
        pythonVersion,
        flyteVersion: text("The release of Flyte in the image.").optional(),
        installFlyte: z
          .boolean()
          .meta({
            description:
              "Whether to start from Flyte's released image, which is the default, or from Python's slim one.",
          })
          .optional(),
        ...naming,
        platform,
      }),
    ).meta({
      description:
        "Starts from the default image: Flyte's release, or with `installFlyte: false` Python on Debian with a user `flyte`.",
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
          "Starts from an image that exists, such as `python:3.12-slim`. With layers, it needs `clone` with a name.",
      }),
    refName: z
      .union([
        z
          .string()
          .min(1)
          .transform((name) => ({ name })),
        z.strictObject({ name: text("The name in the settings.") }),
        z.null().transform(() => ({ name: undefined })),
      ])
      .meta({
        description:
          "Starts from an image that the settings name; default is `default`. With layers, it needs `clone`.",
      }),
    uvScript: z
      .strictObject({
        script: text("Path of a Python script, relative to this file."),
        ...naming,
        name: text("The repository below the registry."),
        pythonVersion,
        platform,
        ...pipArguments,
      })
      .meta({
        description:
          "Starts from what the header of a script says (PEP 723): its Python and its dependencies, on Python's slim image.",
      }),
    dockerfile: z
      .strictObject({
        file: text("Path of the Dockerfile, relative to this file. Its folder is the build context."),
        registry: text("The registry that the image is pushed to."),
        name: text("The repository below the registry."),
        platform,
      })
      .meta({ description: "An image by its Dockerfile. No layers can be added." }),
  })
  .partial()
  .meta({
    description: "What the image starts from: one of `debianBase`, `base`, `refName`, `uvScript` and `dockerfile`.",
    minProperties: 1,
    maxProperties: 1,
  });

const packages = oneOrMore("The packages.");
const file = text("Path of the requirements file, relative to this file; ends in `.txt`.");
const commands = oneOrMore("The commands, each a step of its own and without the word RUN.");
const src = text("Path of the folder, relative to this file.");
const srcs = oneOrMore("Paths of the files, relative to this file.");
const pyprojectFile = text("Path of the project's `pyproject.toml`, relative to this file.");

/** What an entry of `layers` may be: the `with…` methods of `Image`. */
export const layerSchema = z
  .strictObject({
    aptPackages: z
      .union([
        packages.transform((packages) => ({ packages, secretMounts: undefined })),
        z.strictObject({ packages, ...secretArguments }),
      ])
      .meta({ description: "Installs Debian packages." }),
    pipPackages: z
      .union([packages.transform((packages) => ({ packages })), z.strictObject({ packages, ...pipArguments })])
      .meta({ description: "Installs Python packages, each as pip writes it: `pandas>=2,<3`." }),
    requirements: z
      .union([file.transform((file) => ({ file })), z.strictObject({ file, ...pipArguments })])
      .meta({ description: "Installs what a requirements file lists, also by `-r` and `-c` in it." }),
    envVars: z
      .record(z.string(), z.union([z.string(), z.number().transform(String), z.boolean().transform(String)]))
      .transform((envVars) => ({ envVars }))
      .meta({
        description:
          "Sets environment variables, in order. `$NAME` in the value of NAME is the value it has so far; everything else is literal.",
      }),
    workdir: text("Sets the working directory, an absolute path in the image, in place of any before.").transform(
      (workdir) => ({ workdir }),
    ),
    commands: z
      .union([
        commands.transform((commands) => ({ commands, secretMounts: undefined })),
        z.strictObject({ commands, ...secretArguments }),
      ])
      .meta({ description: "Runs commands, each as a step of its own and without the word RUN." }),
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
                "Whether what is in the folder goes right into `dst`, also where `dst` is `.`; default is `false`.",
            })
            .optional(),
        }),
      ])
      .meta({
        description:
          "Copies a folder, without what the ignore file keeps out: to `./<its name>`, or its content to `dst`.",
      }),
    sourceFile: z
      .union([srcs.transform((src) => ({ src })), z.strictObject({ src: srcs, dst })])
      .meta({ description: "Copies files into a folder." }),
    codeBundle: orNothing(
      z.strictObject({
        copyStyle: z
          .enum(["loaded_modules", "all"])
          .meta({ description: "Which files to copy: those that are imported, which is the default, or all." })
          .optional(),
        dst,
      }),
    ).meta({ description: "Copies the code of the project, after all other layers." }),
    dockerignore: text(
      "Path of the ignore file for folders that are copied, relative to this file; the last one named is used.",
    ).transform((path) => ({ path })),
    uvProject: z
      .union([
        pyprojectFile.transform((pyprojectFile) => ({ pyprojectFile })),
        z.strictObject({
          pyprojectFile,
          uvlock: text(
            "Path of the lock file; default is the `uv.lock` beside the project's file, if there is one.",
          ).optional(),
          projectInstallMode,
          ...pipArguments,
        }),
      ])
      .meta({ description: "Installs a project, or what it depends on, by uv." }),
    poetryProject: z
      .union([
        pyprojectFile.transform((pyprojectFile) => ({ pyprojectFile })),
        z.strictObject({
          pyprojectFile,
          poetryLock: text("Path of the lock file; default is the `poetry.lock` beside the project's file.").optional(),
          projectInstallMode,
          extraArgs: text("More arguments for `poetry install`.").optional(),
          ...secretArguments,
        }),
      ])
      .meta({ description: "Installs a project, or what it depends on, by Poetry." }),
    localV2: orNothing(z.strictObject({})).meta({
      description: "Installs Flyte from the wheels in `dist`. For developers of Flyte.",
    }),
    localV2Plugins: oneOrMore(
      "Installs plugins of Flyte, `flyteplugins-…` each, from the wheels in `plugins/<name>/dist`. For developers of Flyte.",
    ).transform((plugins) => ({ plugins })),
  })
  .partial()
  .meta({ description: "One layer, by the name of its kind.", minProperties: 1, maxProperties: 1 });

/** A whole spec file: a base, how it is cloned, its layers. */
export const specSchema = z
  .strictObject({
    $schema: z.string().meta({ description: "Where editors find this schema." }).optional(),
    from: baseSchema,
    clone: z
      .strictObject({
        ...naming,
        baseImage: text("The image to start from in place of the one before.").optional(),
        pythonVersion,
        platform,
        extendable: z
          .boolean()
          .meta({ description: "Whether layers may be added; default is `true` where there are layers." })
          .optional(),
      })
      .meta({
        description: "What the image is called and where it is pushed, and what else differs from what it starts from.",
      })
      .optional(),
    layers: z.array(layerSchema).meta({ description: "What is added to the image, in order." }).optional(),
  })
  .meta({ title: "Image Builders: image spec", patternProperties: { "^x-": {} } });

/** What a spec file says, each layer and base with its arguments in the long form. */
export type SpecDocument = z.output<typeof specSchema>;

/** What may be written into a spec file. */
export type SpecInput = z.input<typeof specSchema>;

/** A name of a layer in a spec file. */
export type LayerKey = keyof typeof layerSchema.shape;

/** A name of a base in a spec file. */
export type BaseKey = keyof typeof baseSchema.shape;
