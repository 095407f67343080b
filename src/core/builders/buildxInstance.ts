import { readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { ImageBuilderError, messageOf, systemCodeOf } from "../base/errors";
import { foreignWords } from "../border/foreignWords";
import { parseJson } from "../border/parseJson";
import { readSmallFile } from "../border/readSmallFile";
import { dockerConfigFolder } from "../credentials/dockerConfigFile";
import { containerOf, nodeConnection, type BuildkitNodeConfig } from "./buildkitConfig";

/** BuildKit daemon of a builder. */
export interface BuilderNode extends BuildkitNodeConfig {
  /** Name of a Docker context, or address of the Docker daemon, that runs the container; default is the current one. */
  readonly docker?: string;
}

const nodeSchema = z.looseObject({
  Name: z.string(),
  Endpoint: z.string(),
  Platforms: z
    .array(z.looseObject({ architecture: z.string(), os: z.string(), variant: z.string().nullish() }))
    .nullish(),
  DriverOpts: z.record(z.string(), z.string()).nullish(),
});

const instanceSchema = z.looseObject({ Driver: z.string(), Nodes: z.array(nodeSchema).nullish() });

type StoredNode = z.infer<typeof nodeSchema>;

/** Limit on the number of other builders that an error lists. */
const mostListed = 20;

/** Builder of buildx that can be used here. */
export interface BuildxBuilder {
  readonly name: string;
  /** Addresses of its daemons; for a container, of the Docker daemon that runs it. */
  readonly addresses: readonly string[];
}

/** Limit on the number of builders that are offered. */
const mostOffered = 100;

/** Lists the builders that `docker buildx create` has set up, without those that {@link readBuildxInstance} refuses. */
export async function listBuildxInstances(
  env: NodeJS.ProcessEnv = process.env,
  homeDir: string = homedir(),
): Promise<readonly BuildxBuilder[]> {
  const names = (await readdir(instancesFolder(env, homeDir)).catch(() => [])).sort().slice(0, mostOffered);
  const builders = await Promise.all(
    names.map(async (name): Promise<BuildxBuilder[]> => {
      try {
        const nodes = await readBuildxInstance(name, env, homeDir);
        return [{ name, addresses: nodes.map(({ endpoint, docker }) => docker ?? endpoint) }];
      } catch (error) {
        if (ImageBuilderError.is(error, "configurationInvalid")) return [];
        throw error;
      }
    }),
  );
  return builders.flat();
}

/**
 * Reads the daemons of a builder that `docker buildx create` has set up. The store of buildx is never written.
 *
 * @throws ImageBuilderError `configurationInvalid` for a builder that doesn't exist, is invalid, or uses a driver that
 * isn't supported
 */
export async function readBuildxInstance(
  name: string,
  env: NodeJS.ProcessEnv = process.env,
  homeDir: string = homedir(),
): Promise<readonly BuilderNode[]> {
  const { Driver: driver, Nodes: nodes } = await readStored(name, instancesFolder(env, homeDir));
  const found = (nodes ?? []).map((node) => nodeOf(name, driver, node));
  if (found.length === 0) throw unusable(name, "has no nodes", "Create it again");
  return found;
}

function instancesFolder(env: NodeJS.ProcessEnv, homeDir: string): string {
  return join(env["BUILDX_CONFIG"] || join(dockerConfigFolder(env, homeDir), "buildx"), "instances");
}

async function readStored(name: string, folder: string): Promise<z.infer<typeof instanceSchema>> {
  // Buildx names the files in lowercase.
  const file = join(folder, name.toLowerCase());
  try {
    const checked = instanceSchema.safeParse(parseJson(await readSmallFile(file)));
    if (checked.success) return checked.data;
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") throw await unknown(name, folder);
    throw unusable(name, `can't be read from "${file}" (${messageOf(error)})`, "Fix its permissions", error);
  }
  throw unusable(name, `has an invalid file "${file}"`, "Create it again");
}

function nodeOf(instance: string, driver: string, node: StoredNode): BuilderNode {
  const { Endpoint: endpoint, DriverOpts: options, Platforms: stored } = node;
  const platforms = stored?.map(({ os, architecture, variant }) =>
    [os, architecture, ...(variant ? [variant] : [])].join("/"),
  );
  const shared = platforms && platforms.length > 0 ? { platforms } : {};
  switch (driver) {
    case "docker-container":
      return { ...shared, endpoint: `docker-container://buildx_buildkit_${node.Name}`, docker: endpoint };
    case "remote": {
      if (!nodeConnection(endpoint) && containerOf(endpoint) === undefined)
        throw unusable(
          instance,
          `has the address "${foreignWords(endpoint, 200)}", which isn't supported`,
          "Use a builder with unix://, tcp://, ssh:// or docker-container://",
        );
      const { cacert: ca, cert, key, servername } = options ?? {};
      return { ...shared, endpoint, ca, cert, key, servername };
    }
    case "docker":
      throw unusable(instance, "uses the Docker daemon itself", 'Use a builder of the flavor "local"');
    default:
      throw unusable(
        instance,
        `uses the driver "${foreignWords(driver, 100)}", which isn't supported`,
        'Use one with the driver "docker-container" or "remote"',
      );
  }
}

async function unknown(name: string, folder: string): Promise<ImageBuilderError> {
  const names = (await readdir(folder).catch(() => [])).sort().slice(0, mostListed);
  const others =
    names.length > 0 ? `Choose one of ${names.map((each) => `"${each}"`).join(", ")}, or create` : "Create";
  return new ImageBuilderError(
    "configurationInvalid",
    `There is no buildx builder "${name}" in "${folder}". ${others} it with "docker buildx create --name ${name}".`,
  );
}

function unusable(name: string, reason: string, remedy: string, cause?: unknown): ImageBuilderError {
  return new ImageBuilderError("configurationInvalid", `The buildx builder "${name}" ${reason}. ${remedy}.`, { cause });
}
