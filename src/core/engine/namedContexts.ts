import { realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { BuildOptions } from "../base/buildOptions";
import { contextSource, type ContextSource } from "../base/contextSource";
import { ImageBuilderError, messageOf } from "../base/errors";
import { contextName } from "../base/imageReference";
import type { Log } from "../base/log";
import type { Source } from "../base/sourceConsent";
import { BuildContext } from "../context/files/buildContext";
import type { DockerfileSource } from "../context/files/dockerfileSource";
import type { Upload } from "../context/review/upload";
import { contextDockerfile } from "../dockerfile/contextSources";
import { syntaxOf } from "../dockerfile/syntax";
import { isOlder, type EngineIdentity } from "./probe";
import type { NamedFolder, NamedFolderOrder } from "../worker/buildOrder";
import type { Operation } from "../operation/operation";
import { buildDestination, type BuildJob } from "./buildJob";

/** Named contexts of a build. */
export interface NamedContexts {
  /** Attributes for BuildKit's frontend. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly folders: readonly (NamedFolder & { readonly context: BuildContext })[];
}

/** Without this capability, a frontend without support for named contexts would silently ignore them. */
const neededCapability = { "frontend.caps": "moby.buildkit.frontend.contexts+forward" };

/** API version of Docker 23, the first whose own frontend supports named contexts. */
const contextsApiVersion = "1.42";
/** API version of Docker 26, the first that requests only what is copied from a named context. */
const selectiveApiVersion = "1.45";

/** Names of the other directories that a session serves. */
const takenNames: ReadonlySet<string> = new Set(["context", "dockerfile"]);

/**
 * Prepares the contexts that replace stages and images of the Dockerfile, after their use is confirmed.
 *
 * @throws ImageBuilderError `contextUnreadable` for a path that is not a folder, `optionInvalid`, `sourceNotConfirmed`
 */
export async function prepareNamedContexts(
  job: BuildJob,
  { consent, log, signal }: Pick<Operation, "consent" | "log" | "signal">,
): Promise<NamedContexts> {
  const { buildContexts = {} } = job.options;
  if (Object.keys(buildContexts).length === 0) return { attributes: {}, folders: [] };
  const confirm = async (name: string, source: Source): Promise<void> =>
    consent?.confirm(
      { source, destination: buildDestination(job), requestedBy: { kind: "buildContext", name } },
      signal,
    );
  const attributes: Record<string, string> = { ...neededCapability };
  for (const [name, { written, text, source }] of readContexts(buildContexts)) {
    if (source.kind === "folder") continue;
    await confirm(written, { kind: "remoteContext", address: text });
    attributes[`context:${name}`] = text;
  }
  const folders = await prepareFolders(buildContexts, job.context.root, log);
  for (const { name, localName, written, context } of folders) {
    await confirm(written, { kind: "folder", path: context.root ?? "" });
    attributes[`context:${name}`] = `local:${localName}`;
  }
  return { attributes, folders };
}

/**
 * Finds the folders among named contexts, each with its own ignore file.
 *
 * @param root folder that relative paths are resolved against
 * @throws ImageBuilderError `contextUnreadable`, `optionInvalid`
 */
export async function prepareFolders(
  contexts: Readonly<Record<string, string>>,
  root: string | undefined,
  log: Log,
): Promise<(NamedContexts["folders"][number] & { readonly written: string })[]> {
  const folders = [...readContexts(contexts)].map(async ([name, { written, source }]) => {
    if (source.kind !== "folder") return [];
    const place = await folderAt(written, source.path, root);
    const localName = takenNames.has(name) ? `_${name}` : name;
    const context = new BuildContext({ root: place, isNamed: true, alwaysInclude: [], log });
    // A link may have replaced the folder, and the user is asked to confirm the path.
    if (context.describe()?.rootFolder?.realPath !== place)
      throw unusable(written, `the folder "${place}" has just been replaced`);
    return [{ name, localName, written, context }];
  });
  return (await Promise.all(folders)).flat();
}

interface ReadContext {
  /** Name as given in the options. */
  readonly written: string;
  readonly text: string;
  readonly source: ContextSource;
}

/** Parses contexts, by the names that BuildKit looks up; of two spellings of a name, the last one counts. */
function readContexts(contexts: Readonly<Record<string, string>>): Map<string, ReadContext> {
  return new Map(
    Object.entries(contexts).map(([written, text]) => {
      const [name, source] = [contextName(written), contextSource(text)];
      if (name !== undefined && typeof source !== "string") return [name, { written, text, source }];
      throw new ImageBuilderError(
        "optionInvalid",
        `The build context "${written}" is not valid. Correct its name or its source.`,
      );
    }),
  );
}

/** Resolves links, which may lead anywhere, so that the confirmed folder is the one that is read. */
async function folderAt(name: string, path: string, root = "."): Promise<string> {
  const written = path === "~" || path.startsWith("~/") ? join(homedir(), path.slice(2)) : resolve(root, path);
  let isFolder: boolean;
  let real: string;
  try {
    real = await realpath(written);
    isFolder = (await stat(real)).isDirectory();
  } catch (error) {
    throw unusable(name, `the folder "${written}" can't be read (${messageOf(error)})`, error);
  }
  if (!isFolder) throw unusable(name, `"${written}" is not a folder`);
  return real;
}

function unusable(name: string, why: string, cause?: unknown): ImageBuilderError {
  return new ImageBuilderError(
    "contextUnreadable",
    `Can't use the build context "${name}", because ${why}. Correct its path.`,
    { cause },
  );
}

/**
 * Refuses named contexts if the daemon's frontend doesn't support them: an older frontend silently ignores them, but
 * one that the Dockerfile specifies may support them.
 *
 * @throws ImageBuilderError `optionInvalid`
 */
export function refuseUnknownContexts(
  { options, engineInfo: { apiVersion, product, version } }: BuildJob,
  { text, name }: DockerfileSource,
): void {
  if (Object.keys(options.buildContexts ?? {}).length === 0 || !isOlder(apiVersion, contextsApiVersion)) return;
  if (syntaxOf(text, options.buildArgs) !== undefined) return;
  throw new ImageBuilderError(
    "optionInvalid",
    `BuildKit in ${product} ${version} doesn't support named build contexts. ` +
      `Update Docker to 23 or newer, or begin ${name} with "# syntax=docker/dockerfile:1".`,
  );
}

/**
 * Whether BuildKit requests only what is copied from a named context. False if the Dockerfile specifies a frontend,
 * which may be older.
 */
function asksSelectively(
  { apiVersion }: EngineIdentity,
  { text }: DockerfileSource,
  { buildArgs }: BuildOptions,
): boolean {
  return !isOlder(apiVersion, selectiveApiVersion) && syntaxOf(text, buildArgs) === undefined;
}

/** Converts the folders to orders for the thread. */
export function folderOrders(
  { engineInfo, options }: Pick<BuildJob, "engineInfo" | "options">,
  dockerfile: DockerfileSource,
  { folders }: NamedContexts,
): NamedFolderOrder[] {
  const isSelective = asksSelectively(engineInfo, dockerfile, options);
  return folders.flatMap(({ name, localName, context }) => {
    const described = context.describe();
    return described ? [{ name, localName, context: described, root: context.root ?? "", isSelective }] : [];
  });
}

/** Returns the upload of a folder, or of the build's own context if no folder has the name. */
export function namedUpload<Own extends Pick<Upload, "context" | "dockerfile">>(
  upload: Own,
  { folders }: NamedContexts,
  name: string | undefined,
  options: BuildOptions,
): Own & Pick<Upload, "name"> {
  const folder = folders.find((each) => each.name === name);
  if (!folder) return upload;
  const text = contextDockerfile(upload.dockerfile.text, folder.name, options);
  return { ...upload, context: folder.context, name, dockerfile: { ...upload.dockerfile, text } };
}
