import { homedir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { foreignWords } from "../border/foreignWords";
import { parseGoJson, type GoShape } from "../border/goJson";
import { readSmallFile } from "../border/readSmallFile";
import { ImageBuilderError, messageOf, systemCodeOf, type ErrorCode } from "../base/errors";

const authEntrySchema = z.looseObject({
  auth: z.string().nullish(),
  username: z.string().nullish(),
  password: z.string().nullish(),
  identitytoken: z.string().nullish(),
  registrytoken: z.string().nullish(),
});

const proxySchema = z.looseObject({
  httpProxy: z.string().nullish(),
  httpsProxy: z.string().nullish(),
  noProxy: z.string().nullish(),
  ftpProxy: z.string().nullish(),
  allProxy: z.string().nullish(),
});

const dockerConfigSchema = z.looseObject({
  currentContext: z.string().nullish(),
  credsStore: z.string().nullish(),
  credHelpers: z.record(z.string(), z.string().nullish()).nullish(),
  auths: z.record(z.string(), authEntrySchema.nullish()).nullish(),
  proxies: z.record(z.string(), proxySchema.nullish()).nullish(),
  HttpHeaders: z.record(z.string(), z.string().nullish()).nullish(),
});

const dockerConfigShape: GoShape = {
  struct: {
    currentContext: "value",
    credsStore: "value",
    credHelpers: { map: "value" },
    auths: { map: structOf(authEntrySchema) },
    proxies: { map: structOf(proxySchema) },
    HttpHeaders: { map: "value" },
  },
};

function structOf({ shape }: { readonly shape: object }): GoShape {
  return { struct: Object.fromEntries(Object.keys(shape).map((name) => [name, "value" as const])) };
}

/** Used part of Docker's `config.json`. */
export type DockerConfig = z.infer<typeof dockerConfigSchema>;

/** One entry of `auths`. */
export type AuthEntry = z.infer<typeof authEntrySchema>;

/** Returns the folder of Docker's configuration: `DOCKER_CONFIG`, otherwise `~/.docker`. */
export function dockerConfigFolder(env: NodeJS.ProcessEnv = process.env, homeDir: string = homedir()): string {
  return env["DOCKER_CONFIG"] || join(homeDir, ".docker");
}

/** Returns the path of the configuration file in its folder. */
export function dockerConfigFile(folder: string): string {
  return join(folder, "config.json");
}

/**
 * Reads Docker's `config.json`; a missing or empty file has no settings.
 *
 * @throws ImageBuilderError with `code`, naming the file; it never quotes the file, which contains passwords
 */
export async function readDockerConfig(folder: string, code: ErrorCode): Promise<DockerConfig> {
  return readConfigFile(dockerConfigFile(folder), code);
}

/**
 * Reads a file of the same form, as Podman's `auth.json` is; throws as {@link readDockerConfig} does.
 *
 * @param what the file is called, after "the"
 */
export async function readConfigFile(
  file: string,
  code: ErrorCode,
  what = "Docker config file",
): Promise<DockerConfig> {
  let text: string;
  try {
    text = await readSmallFile(file);
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return {};
    throw new ImageBuilderError(
      code,
      `Can't read the ${what} "${file}" (${messageOf(error)}). ` + "Check that it is a file and that you can read it.",
      { cause: error },
    );
  }
  if (text.trim() === "") return {};
  const checked = dockerConfigSchema.safeParse(parse(text, `The ${what} "${file}"`, code));
  if (checked.success) return checked.data;
  const problems = checked.error.issues
    .slice(0, maxProblems)
    .map(({ path }) => (path.length === 0 ? "the whole file" : `"${foreignWords(path.join("."), 100)}"`));
  throw new ImageBuilderError(code, `The ${what} "${file}" is not valid: fix ${problems.join(", ")}.`);
}

/** Limit on the reported problems. */
const maxProblems = 3;

function parse(text: string, file: string, code: ErrorCode): unknown {
  // Docker doesn't read it either; editors and shells of Windows write it, unseen.
  if (/^[\ufeff\ufffd]/.test(text))
    throw new ImageBuilderError(
      code,
      `${file} begins with a byte order mark or is not UTF-8. Save it as UTF-8 without a byte order mark.`,
    );
  const value = parseGoJson(text, dockerConfigShape, { firstOnly: true });
  if (value !== undefined) return value;
  throw new ImageBuilderError(code, `${file} is not valid JSON. Fix it, or move it away and log in again.`);
}
