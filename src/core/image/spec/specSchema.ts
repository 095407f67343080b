import * as z from "zod";
import { baseSchema } from "./baseSchema";
import { layerSchema } from "./layerSchema";
import { naming, platform, pythonVersion, text } from "./specParts";

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
