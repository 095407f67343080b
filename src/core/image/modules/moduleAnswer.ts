import { isAbsolute } from "node:path";
import * as z from "zod";
import { parseJson } from "../../border/parseJson";
import { ImageBuilderError } from "../../base/errors";
import type { ImageDefinition } from "../definition/definition";
import { architectures } from "../definition/platform";
import { checkMade } from "./checkMade";
import { maxMessage, type ModuleMessage } from "./moduleMessage";

const text = z.string();
const texts = z.array(text);
const pair = z.tuple([text, text]);
const secret = z.strictObject({ key: text, group: text.optional(), mount: text.optional(), asEnvVar: text.optional() });
const secrets = z.array(secret);
const ssh = z.strictObject({ id: text, knownHosts: text.optional() }).optional();
const pip = z.strictObject({
  indexUrl: text.optional(),
  extraIndexUrls: texts,
  pre: z.boolean(),
  extraArgs: text.optional(),
  secrets,
  ssh,
  constraints: texts.optional(),
});
const projectInstallMode = z.enum(["dependencies_only", "install_project"]);

const layer = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("aptPackages"), packages: texts, secrets }),
  z.strictObject({
    kind: z.literal("systemPackages"),
    manager: z.enum(["apk", "dnf", "microdnf"]),
    packages: texts,
    secrets,
  }),
  z.strictObject({ kind: z.literal("pipPackages"), packages: texts, pip }),
  z.strictObject({ kind: z.literal("requirements"), file: text, pip }),
  z.strictObject({
    kind: z.literal("envVars"),
    variables: z.array(z.union([pair, z.tuple([text, text, z.literal("expand")])])),
  }),
  z.strictObject({ kind: z.literal("workdir"), path: text }),
  z.strictObject({ kind: z.literal("commands"), commands: texts, secrets, ssh }),
  z.strictObject({ kind: z.literal("sourceFolder"), src: text, dst: text, copyContentsOnly: z.boolean() }),
  z.strictObject({ kind: z.literal("sourceFile"), src: texts, dst: text }),
  z.strictObject({ kind: z.literal("codeBundle"), copyStyle: z.enum(["loaded_modules", "all"]), dst: text }),
  z.strictObject({ kind: z.literal("dockerignore"), path: text }),
  z.strictObject({
    kind: z.literal("uvProject"),
    pyprojectFile: text,
    uvlock: text.optional(),
    extras: texts.optional(),
    groups: texts.optional(),
    pip,
    projectInstallMode,
  }),
  z.strictObject({
    kind: z.literal("poetryProject"),
    pyprojectFile: text,
    poetryLock: text.optional(),
    extras: texts.optional(),
    groups: texts.optional(),
    poetryVersion: text.optional(),
    extraArgs: text.optional(),
    secrets,
    ssh,
    projectInstallMode,
  }),
  z.strictObject({ kind: z.literal("uvScript"), script: text, pip }),
  z.strictObject({ kind: z.literal("pythonWheels"), folder: text, packageName: text, pip }),
  z.strictObject({ kind: z.literal("labels"), labels: z.array(pair) }),
  z.strictObject({ kind: z.literal("user"), name: text }),
  z.strictObject({ kind: z.literal("runUser"), user: text }),
  z.strictObject({ kind: z.literal("entrypoint"), command: texts }),
  z.strictObject({ kind: z.literal("cmd"), command: texts }),
  z.strictObject({ kind: z.literal("expose"), ports: texts }),
  z.strictObject({ kind: z.literal("buildArgs"), args: z.array(pair) }),
]);

const definition = z.strictObject({
  baseImage: text.optional(),
  dockerfile: text.optional(),
  refName: text.optional(),
  isSlim: z.boolean(),
  registry: text.optional(),
  registrySecret: secret.optional(),
  name: text.optional(),
  platform: z.array(z.enum(architectures)).min(1),
  pythonVersion: z.tuple([z.number().int(), z.number().int()]).optional(),
  isDefaultPython: z.boolean().optional(),
  isDefaultPlatform: z.boolean().optional(),
  buildArgs: z.array(pair).optional(),
  uvVersion: text.optional(),
  systemSitePackages: z.boolean().optional(),
  extendable: z.boolean(),
  isCloned: z.boolean(),
  layers: z.array(layer).max(10_000),
}) satisfies z.ZodType<ImageDefinition>;

const place = z.number().int().positive();
const failure = z.strictObject({
  message: text,
  file: text,
  line: place,
  column: place.optional(),
  endLine: place.optional(),
});
const answer = z.union([z.strictObject({ definition }), z.strictObject({ failure })]);

/**
 * Reads the answer of the process that ran a module. The module could have written it itself, so all of it is checked.
 *
 * @throws ImageBuilderError `imageInvalid`
 */
export function readModuleAnswer(line: string, file: string): ModuleMessage {
  const read = answer.safeParse(parseJson(line));
  if (!read.success) throw foreign(file);
  if ("definition" in read.data) {
    try {
      return { definition: checkMade(read.data.definition) };
    } catch (error) {
      throw foreign(file, error);
    }
  }
  const { message, file: named, ...where } = read.data.failure;
  const at = isAbsolute(named) ? { ...where, file: named } : { line: 1, file };
  return { failure: { ...at, message: message.slice(0, maxMessage) } };
}

function foreign(file: string, cause?: unknown): ImageBuilderError {
  const why = ImageBuilderError.is(cause) ? `: ${cause.message}` : ".";
  const message = `"${file}" must export an image that is created with the methods of Image${why}`;
  return new ImageBuilderError("imageInvalid", message, { cause, location: { file, line: 1 } });
}
