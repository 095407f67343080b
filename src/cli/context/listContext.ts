import { BuildContext } from "../../core/context/files/buildContext";
import { PassedOver } from "../../core/context/files/faults";
import { outlineDockerfile } from "../../core/dockerfile/dockerfile";
import { mountsOf } from "../../core/dockerfile/mounts";
import { longestDockerfile } from "../../core/dockerfile/parseDockerfile";
import { reachedStages } from "../../core/dockerfile/reachedStages";
import { readDockerfile as readStages } from "../../core/dockerfile/readDockerfile";
import { isForeignSyntax, syntaxOf } from "../../core/dockerfile/syntax";
import { wantedIds } from "../../core/dockerfile/wantedIds";
import { readDockerfile } from "../../core/context/files/dockerfileSource";
import type { PathScope } from "../../core/context/files/pathScope";
import {
  requestedFiles,
  requestedFilesOfContext,
  requestedScope,
  requestedScopeOfContext,
} from "../../core/worker/requestedPaths";
import { prepareFolders } from "../../core/engine/namedContexts";
import { ImageBuilderError } from "../../core/base/errors";
import { silentLog } from "../../core/base/log";
import type { BuildInput } from "../buildInput";

/** Files of a build context, and the files and secrets that a build requests. */
export interface ContextListing {
  /** Returns the files of a context, sorted by path. */
  readonly files: readonly ContextFile[];
  readonly secrets: readonly WantedSecret[];
  /** Named contexts that are folders; undefined if there are none. */
  readonly contexts?: readonly NamedContextFiles[];
}

/** Files of a named context. */
interface NamedContextFiles {
  readonly name: string;
  readonly files: readonly ContextFile[];
}

/** File that the ignore file includes. Symlinks and named pipes count as files. */
export interface ContextFile {
  /** Path relative to the context's root, with slashes. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Whether a build would request the file. */
  readonly requested: boolean;
}

/** Secret that is mounted by a stage that the target needs. */
interface WantedSecret {
  readonly id: string;
  readonly required: boolean;
  /** Line number in the Dockerfile, from 1. */
  readonly line: number;
}

/**
 * Lists the files of a build context and which of them a build requests.
 *
 * @param warn called with messages about results that are not exact
 * @throws ImageBuilderError `dockerfileMissing`, `dockerignoreInvalid`, `contextUnreadable`, `optionInvalid`; the
 * signal's reason if aborted
 */
export async function listContext(
  { root, options }: BuildInput,
  warn: (message: string) => void,
  signal: AbortSignal,
): Promise<ContextListing> {
  const context = new BuildContext({ root, dockerfile: options.dockerfile, log: { ...silentLog, warn } });
  const { text, name } = await readDockerfile(context, options);
  checkReadable(name, text, options, warn);
  const asked = { isRequested: requestedFiles(text, options, root), scope: requestedScope(text, options, root) };
  const files = await filesOf(context, asked, warn, signal);
  const contexts: NamedContextFiles[] = [];
  for (const { name, context: folder } of await prepareFolders(options.buildContexts ?? {}, root, {
    ...silentLog,
    warn,
  })) {
    const named = { name, root: folder.root ?? "" };
    const isRequested = requestedFilesOfContext(named, text, options);
    const scope = requestedScopeOfContext({ ...named, isSelective: true }, text, options);
    contexts.push({ name, files: await filesOf(folder, { isRequested, scope }, warn, signal) });
  }
  const secrets = mountsOf(text, options).filter(({ type }) => type === "secret");
  return {
    files,
    secrets: secrets.map(({ id, required, line }) => ({ id, required, line })),
    ...(contexts.length > 0 && { contexts }),
  };
}

/** Parts of a folder that a build requests: files, and the scope that contains them. */
interface Asked {
  readonly isRequested: (path: string) => boolean;
  readonly scope: PathScope | undefined;
}

/** Returns the files of a context, sorted by path. */
async function filesOf(
  context: BuildContext,
  { isRequested, scope }: Asked,
  warn: (message: string) => void,
  signal: AbortSignal,
): Promise<ContextFile[]> {
  const files: ContextFile[] = [];
  const passedOver = new PassedOver();
  for await (const batch of context.entries({ signal, keepsFaults: true })) {
    for (const { kind, path, sizeBytes, fault } of batch) {
      if (fault && (isRequested(path) || scope?.leadsTo(path))) throw fault;
      if (fault) passedOver.add(path, fault);
      else if (kind !== "directory") files.push({ path, sizeBytes, requested: isRequested(path) });
    }
  }
  if (passedOver.names !== undefined) warn(`Skipped, because a build doesn't request it: ${passedOver.names}.`);
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Warns about Dockerfiles that can't be read exactly.
 *
 * @throws ImageBuilderError `optionInvalid` for a target that the Dockerfile doesn't have
 */
function checkReadable(
  name: string,
  text: string,
  options: BuildInput["options"],
  warn: (message: string) => void,
): void {
  const { target, buildArgs } = options;
  if (isForeignSyntax(syntaxOf(text, buildArgs))) {
    warn(
      `${name} uses the frontend "${syntaxOf(text, buildArgs)}", which may request any file. ` +
        "All files count as requested.",
    );
    return;
  }
  const readings = readStages(text, options);
  if (!readings) {
    warn(`${name} has more than ${longestDockerfile} characters and isn't parsed. All files count as requested.`);
    return;
  }
  const stages = readings.flatMap((reading) => reading.stages);
  if (stages.length === 0) warn(`${name} has no FROM instruction, so building it fails.`);
  else if (target !== undefined && readings.every((reading) => reachedStages(reading.stages, target).size === 0)) {
    const known = outlineDockerfile(text).stages;
    const remedy =
      known.length === 0 ? "its stages have no names" : `choose one of ${known.map((each) => `"${each}"`).join(", ")}`;
    throw new ImageBuilderError("optionInvalid", `${name} has no stage "${target}": ${remedy}.`);
  }
  if (wantedIds(text, buildArgs, options).secret("\0"))
    warn(`${name} has a secret whose id contains a variable known only during the build. The secret isn't listed.`);
}
