import * as z from "zod";
import { parseJson } from "../border/parseJson";
import { platformText, type Blob } from "./descriptors";

const text = z.string().nullish().catch(undefined);
const texts = z.array(z.string()).nullish().catch(undefined);

/** A field that is not as it should be counts as missing, so that the others are still shown. */
const configSchema = z.looseObject({
  created: text,
  os: text,
  architecture: text,
  variant: text,
  config: z
    .looseObject({
      Labels: z.record(z.string(), z.unknown()).nullish().catch(undefined),
      Entrypoint: texts,
      Cmd: texts,
      User: text,
      WorkingDir: text,
    })
    .nullish()
    .catch(undefined),
  history: z
    .array(z.looseObject({ created_by: text, empty_layer: z.boolean().nullish() }))
    .nullish()
    .catch(undefined),
});

/** Configuration of an image. */
export interface ImageConfig {
  /** Time in ISO 8601; undefined, or in 1970, for reproducible builds. */
  readonly created?: string;
  readonly platform?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly user?: string;
  readonly workingDirectory?: string;
  /**
   * Instruction that created each layer, in the order of the layers; empty if the image's history doesn't match its
   * layers.
   */
  readonly layerInstructions: readonly string[];
}

/** Reads an image's configuration; a malformed one counts as empty. */
export function readImageConfig(body: Buffer, layers: readonly Blob[]): ImageConfig {
  const parsed = configSchema.safeParse(parseJson(body.toString("utf8"))).data ?? {};
  const { created, os, architecture, variant } = parsed;
  const { Labels, Entrypoint, Cmd, User, WorkingDir } = parsed.config ?? {};
  const made = (parsed.history ?? []).filter((step) => !step.empty_layer).map((step) => step.created_by ?? "");
  return {
    ...(created && !Number.isNaN(Date.parse(created)) && { created }),
    ...(os && architecture && { platform: platformText({ os, architecture, variant }) }),
    labels: Object.fromEntries(
      Object.entries(Labels ?? {}).filter((label): label is [string, string] => typeof label[1] === "string"),
    ),
    ...(Entrypoint?.length && { entrypoint: Entrypoint }),
    ...(Cmd?.length && { command: Cmd }),
    ...(User && { user: User }),
    ...(WorkingDir && { workingDirectory: WorkingDir }),
    layerInstructions: made.length === layers.length ? made : [],
  };
}
