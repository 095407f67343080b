import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { foreignWords } from "../border/foreignWords";
import { parseGoJson, type GoShape } from "../border/goJson";
import { readSmallFile } from "../border/readSmallFile";
import { ImageBuilderError, messageOf, systemCodeOf } from "../base/errors";
import { readTlsFiles } from "./tlsMaterial";
import type { TlsOptions } from "./endpointAddress";

const metaSchema = z.looseObject({
  Name: z.string(),
  Endpoints: z.looseObject({
    docker: z.looseObject({ Host: z.string().min(1), SkipTLSVerify: z.boolean().nullish() }),
  }),
});

const nameSchema = metaSchema.pick({ Name: true });

const metaShape: GoShape = {
  struct: { Name: "value", Endpoints: { map: { struct: { Host: "value", SkipTLSVerify: "value" } } } },
};

/** Address and TLS options of the daemon in a Docker context. */
export interface DockerContext {
  readonly host: string;
  readonly tls?: TlsOptions;
}

/**
 * Reads a context as `docker context create` writes it, below `contexts` in Docker's configuration folder.
 *
 * @throws ImageBuilderError `dockerContextInvalid` if it does not exist, naming those that do, or if it is invalid
 */
export async function readDockerContext(name: string, configFolder: string): Promise<DockerContext> {
  const id = createHash("sha256").update(name).digest("hex");
  const file = join(configFolder, "contexts", "meta", id, "meta.json");
  const { Host, SkipTLSVerify } = (await readMeta(name, file, configFolder)).Endpoints.docker;

  const tlsFolder = join(configFolder, "contexts", "tls", id, "docker");
  const { ca, cert, key } = await readTlsFiles(tlsFolder, "dockerContextInvalid");
  if ((cert === undefined) !== (key === undefined)) {
    throw broken(name, `"${join(tlsFolder, cert === undefined ? "cert.pem" : "key.pem")}" is missing`);
  }
  const secure = ca !== undefined || cert !== undefined || SkipTLSVerify === true;
  return { host: Host, ...(secure && { tls: { ca, cert, key, rejectUnauthorized: SkipTLSVerify !== true } }) };
}

async function readMeta(name: string, file: string, configFolder: string): Promise<z.infer<typeof metaSchema>> {
  try {
    const checked = metaSchema.safeParse(parseGoJson(await readSmallFile(file), metaShape));
    if (checked.success) return checked.data;
    const place = foreignWords(checked.error.issues[0]?.path.join(".") ?? "", 100);
    throw new Error(place === "" ? "it is not a JSON object" : `its "${place}" is invalid or missing`);
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") throw await unknown(name, configFolder);
    throw broken(name, `can't use "${file}" (${messageOf(error)})`, error);
  }
}

/** Context that can be chosen. */
export interface ListedContext {
  readonly name: string;
  /** Address as written in the context; undefined if it has no valid one. */
  readonly host: string | undefined;
}

/** Limit on the contexts that are listed. */
const mostContexts = 200;

/** Returns the contexts in Docker's configuration folder by name, without `default`, which has no file. */
export async function listDockerContexts(configFolder: string): Promise<ListedContext[]> {
  const folder = join(configFolder, "contexts", "meta");
  const ids = await readdir(folder).catch(() => []);
  const contexts = ids.slice(0, mostContexts).map(async (id): Promise<ListedContext[]> => {
    const meta = parseGoJson(await readSmallFile(join(folder, id, "meta.json")).catch(() => ""), metaShape);
    const name = nameSchema.safeParse(meta).data?.Name;
    return name === undefined ? [] : [{ name, host: metaSchema.safeParse(meta).data?.Endpoints.docker.Host }];
  });
  return (await Promise.all(contexts)).flat().sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function unknown(name: string, configFolder: string): Promise<ImageBuilderError> {
  const contexts = await listDockerContexts(configFolder);
  const names = ["default", ...contexts.map((each) => each.name)].map((each) => `"${each}"`).join(", ");
  return new ImageBuilderError(
    "dockerContextInvalid",
    `There is no Docker context "${name}" in "${configFolder}". ` +
      `Choose one of ${names}, or create it with "docker context create".`,
  );
}

function broken(name: string, reason: string, cause?: unknown): ImageBuilderError {
  const remedy = `Create it again with "docker context create", or choose another with "docker context use"`;
  return new ImageBuilderError(
    "dockerContextInvalid",
    `The Docker context "${name}" is invalid: ${reason}. ${remedy}.`,
    { cause },
  );
}
