import * as z from "zod";
import { naming, orNothing, pipArguments, platform, pythonVersion, text, texts } from "./specParts";

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

/** Key of a base in an image spec. */
export type BaseKey = keyof typeof baseSchema.shape;
