import { realpath, stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { BuildOptions } from "../base/buildOptions";
import { contextSource, type ContextSource } from "../base/contextSource";
import { ImageBuilderError, messageOf } from "../base/errors";
import { contextName } from "../base/imageReference";
import { contactedHost } from "../base/contactedHost";
import type { Log } from "../base/log";
import type { Source } from "../base/sourceConsent";
import { BuildContext } from "../context/files/buildContext";
import type { DockerfileSource } from "../context/files/dockerfileSource";
import type { Upload } from "../context/review/upload";
import { contextDockerfile } from "../dockerfile/contextSources";
import { syntaxOf } from "../dockerfile/syntax";
import { layoutContext, unusableContext, type LayoutContext } from "./layoutContext";
import { isOlder, type EngineIdentity } from "./probe";
import { RepositoryLogins } from "./repositoryLogins";
import type { NamedFolder, NamedFolderOrder } from "../worker/buildOrder";
import type { Operation } from "../operation/operation";
import { buildDestination, type BuildJob } from "./buildJob";
import { expandHome } from "../base/homePath";

/** Named contexts of a build. */
export interface NamedContexts {
  /** Attributes for BuildKit's frontend. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly folders: readonly (NamedFolder & { readonly context: BuildContext })[];
  readonly layouts: readonly LayoutContext[];
  /** The logins of repositories, by the ids of the secrets that BuildKit asks for. */
  readonly logins: ReadonlyMap<string, string>;
  /** Repositories with a login, by the names that the frontend knows them by. */
  readonly inputs: RepositoryLogins["inputs"];
}

/** Without this capability, a frontend without support for named contexts would silently ignore them. */
const neededCapability = { "frontend.caps": "moby.buildkit.frontend.contexts+forward" };

/** API version of Docker 23, the first whose own frontend supports named contexts. */
const contextsApiVersion = "1.42";
/** Docker 19.03's, the first whose BuildKit can be reached. */
const solveApiVersion = "1.40";
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
  if (Object.keys(buildContexts).length === 0)
    return { attributes: {}, folders: [], layouts: [], logins: new Map(), inputs: new Map() };
  const confirm = async (name: string, source: Source): Promise<void> =>
    consent?.confirm(
      { source, destination: buildDestination(job), requestedBy: { kind: "buildContext", name } },
      signal,
    );
  const attributes: Record<string, string> = { ...neededCapability };
  const logins = new RepositoryLogins(job.engineInfo.apiVersion);
  const layouts: LayoutContext[] = [];
  if ([...readContexts(buildContexts).values()].some(({ source }) => source.kind === "layout"))
    await checkLayouts(job, signal);
  const { root } = job.context;
  for (const [name, { written, text, source }] of readContexts(buildContexts)) {
    if (source.kind === "folder") continue;
    if (source.kind === "layout") {
      const place = pathOf(source.path, root);
      // Looking at it would already sign in to another computer.
      if (contactedHost(source.path, root) !== undefined) await confirm(written, { kind: "folder", path: place });
      const folder = await folderAt(written, place);
      await confirm(written, { kind: "folder", path: folder });
      const layout = await layoutContext(written, folder, source);
      layouts.push(layout);
      attributes[`context:${name}`] = layout.attribute;
      continue;
    }
    await confirm(written, { kind: "remoteContext", address: text });
    attributes[`context:${name}`] = logins.contextOf(text);
  }
  const folders = await prepareFolders(buildContexts, root, log, (written, path) =>
    confirm(written, { kind: "folder", path }),
  );
  for (const { name, localName, written, context } of folders) {
    await confirm(written, { kind: "folder", path: context.root ?? "" });
    attributes[`context:${name}`] = `local:${localName}`;
  }
  return { attributes, folders, layouts, logins: logins.secrets, inputs: logins.inputs };
}

/** Docker's own image store has no source for layouts; BuildKit would only call the scheme unknown. */
async function checkLayouts({ client, engineInfo }: BuildJob, signal: AbortSignal): Promise<void> {
  const { product, version } = engineInfo;
  if (product === "buildkit" || (await client.hasContainerdStore(signal))) return;
  throw new ImageBuilderError(
    "optionInvalid",
    `The image store of ${product} ${version} can't read OCI layouts. Switch the daemon to the containerd image ` +
      'store, or load the layout with "docker load" and use "docker-image://<name>".',
  );
}

/**
 * Finds the folders among named contexts, each with an ignore file of its own.
 *
 * @param root what relative paths count from
 * @param confirm asked before a folder of another computer is looked at
 * @throws ImageBuilderError `contextUnreadable`; what `confirm` throws
 */
export async function prepareFolders(
  contexts: Readonly<Record<string, string>>,
  root: string | undefined,
  log: Log,
  confirm?: (name: string, path: string) => Promise<void>,
): Promise<(NamedContexts["folders"][number] & { readonly written: string })[]> {
  for (const { written, source } of readContexts(contexts).values())
    if (source.kind === "folder" && contactedHost(source.path, root) !== undefined)
      await confirm?.(written, pathOf(source.path, root));
  const folders = [...readContexts(contexts)].map(async ([name, { written, source }]) => {
    if (source.kind !== "folder") return [];
    const place = await folderAt(written, pathOf(source.path, root));
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

/**
 * Returns the folders among named contexts, by the names that BuildKit looks up.
 *
 * @param root what relative paths count from
 * @throws ImageBuilderError `optionInvalid`
 */
export function contextFolders(contexts: Readonly<Record<string, string>>, root: string): ReadonlyMap<string, string> {
  return new Map(
    [...readContexts(contexts)].flatMap(([name, { source }]) =>
      source.kind === "folder" ? [[name, pathOf(source.path, root)] as const] : [],
    ),
  );
}

function pathOf(path: string, root = "."): string {
  return resolve(root, expandHome(path));
}

/** Resolves links, which may lead anywhere, so that the confirmed folder is the one that is read. */
async function folderAt(name: string, written: string): Promise<string> {
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
  return unusableContext(name, why, "Correct its path.", cause);
}

/** Reason why a daemon can't build with named contexts. */
export interface ContextsProblem {
  /** Whole sentences with the remedy. */
  readonly message: string;
  /** The line that has to be the first of the Dockerfile, if that is a remedy. */
  readonly missingLine?: string;
}

/** Build of a daemon, and its selected builder. */
interface ContextsRequest {
  readonly engineInfo: EngineIdentity;
  readonly options: Pick<BuildOptions, "builder" | "buildArgs">;
}

/** Makes any BuildKit fetch a frontend that knows named contexts. */
const syntaxLine = "# syntax=docker/dockerfile:1";

/** Finds out, before there is a build, whether it could have named contexts; undefined if it could. */
export function contextsProblem(
  { engineInfo, options }: ContextsRequest,
  dockerfile: Pick<DockerfileSource, "name" | "text">,
): ContextsProblem | undefined {
  const { product, version, apiVersion, buildkit } = engineInfo;
  if (options.builder === "classic")
    return {
      message: `The classic builder doesn't support named build contexts. Choose the builder "auto" or "buildkit".`,
    };
  if (!buildkit || isOlder(apiVersion, solveApiVersion))
    return { message: `${product} ${version} has no BuildKit, which named build contexts require. Update Docker.` };
  return frontendProblem({ engineInfo, options }, dockerfile);
}

/** An older frontend passes over named contexts without a word, but one that the Dockerfile names may know them. */
function frontendProblem(
  { engineInfo: { apiVersion, product, version }, options }: ContextsRequest,
  { text, name }: Pick<DockerfileSource, "name" | "text">,
): ContextsProblem | undefined {
  if (!isOlder(apiVersion, contextsApiVersion) || syntaxOf(text, options.buildArgs) !== undefined) return undefined;
  return {
    message:
      `BuildKit in ${product} ${version} doesn't support named build contexts. ` +
      `Update Docker to 23 or newer, or begin ${name} with "${syntaxLine}".`,
    missingLine: syntaxLine,
  };
}

/**
 * Refuses named contexts that no builder would use.
 *
 * @throws ImageBuilderError `optionInvalid`
 */
export function refuseUnknownContexts(job: BuildJob, dockerfile: DockerfileSource): void {
  if (Object.keys(job.options.buildContexts ?? {}).length === 0) return;
  const problem = frontendProblem(job, dockerfile);
  if (problem)
    throw new ImageBuilderError("optionInvalid", problem.message, { location: { file: dockerfile.file, line: 1 } });
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
