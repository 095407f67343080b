import { createHmac } from "node:crypto";
import type { BuildOptions } from "../base/buildOptions";
import { unknownPart } from "../dockerfile/expandWord";
import type { StepRecipe } from "../dockerfile/stepRecipes";
import type { BaseTrace, RecipeTrace } from "../operation/buildTrace";
import { withEarlierHashes, type OfferedFolder } from "../operation/offeredFiles";
import { mostStages, valueHashLength, type BuildInputs, type StepInputs } from "./inputsRecord";

/** Longest texts that are stored, in characters. */
const [longestPath, longestName] = [4096, 500];

/** Hash of a value that only the builder knows. */
const unknownHash = "?";

/** What the builder was given, as it was traced. */
export interface TracedInputs {
  readonly recipes: RecipeTrace;
  readonly bases: BaseTrace["images"];
  readonly folders: readonly OfferedFolder[];
}

/**
 * Returns what is stored of a build's inputs. Values may be secret: of each, a short hash is stored that differs
 * between workspaces.
 *
 * @param salt secret of the workspace
 */
export function buildInputs(
  { recipes: { recipes, options }, bases, folders }: TracedInputs,
  salt: string,
): BuildInputs {
  const hash = (value: string | undefined): string => {
    if (value === undefined) return "";
    if (value.includes(unknownPart)) return unknownHash;
    return createHmac("sha256", salt).update(value).digest("base64url").slice(0, valueHashLength);
  };
  const { stages, steps } = recipes;
  const listed = new Set(folders.flatMap(({ files }) => files?.paths ?? []));
  const given = Object.values(options.buildArgs ?? {}).filter((value) => value !== "");
  // A path in which an argument was replaced is stored only if it is that of a file.
  const isStored = (path: string): boolean =>
    path.length <= longestPath && (listed.has(path) || !given.some((value) => path.includes(value)));
  return {
    noCache: options.noCache ?? (options.noCacheFilter?.map((each) => each.toLowerCase()) || false),
    isIncomplete: recipes.isIncomplete || stages.length > mostStages,
    stages: stages.slice(0, mostStages).map((stage) => ({ ...stage, name: stage.name.slice(0, longestName) })),
    steps: steps.map((step) => stepInputs(step, hash, isStored)),
    options: optionsOf(options).map(([name, value]) => [name, hash(value)]),
    bases: bases.filter(({ name }) => name.length <= longestPath).map((base) => ({ ...base })),
    folders: folders.map(({ name, files }) => ({ name: name.slice(0, longestName), ...(files && { files }) })),
  };
}

/** Adds the hashes of files that the builder didn't request, because it had them from an earlier build. */
export function withHashesOf(inputs: BuildInputs, earlier: BuildInputs): BuildInputs {
  return {
    ...inputs,
    folders: inputs.folders.map((folder) => {
      const before = earlier.folders.find(({ name }) => name === folder.name)?.files;
      return folder.files && before ? { ...folder, files: withEarlierHashes(folder.files, before) } : folder;
    }),
  };
}

function stepInputs(
  { stage, keyword, line, text, meaning, values, taken, excludes }: StepRecipe,
  hash: (value: string | undefined) => string,
  isStored: (path: string) => boolean,
): StepInputs {
  return {
    stage,
    keyword,
    line,
    text: hash(text),
    meaning: hash(meaning),
    values: [...values].flatMap(([name, value]) => (name.length <= longestName ? [[name, hash(value)]] : [])),
    taken: excludes.every(isStored)
      ? taken.map(({ context, path, isWildcard }) => ({
          ...(context !== undefined && { context: context.slice(0, longestName) }),
          ...(path !== undefined && isStored(path) && { path }),
          isWildcard,
        }))
      : [{ isWildcard: false }],
    excludes: excludes.filter(isStored),
  };
}

/** Returns the options that affect how a RUN runs. */
function optionsOf({ networkMode, extraHosts, shmSizeBytes, ulimits }: BuildOptions): (readonly [string, string])[] {
  // The address of a host is no part of BuildKit's cache.
  const hosts = extraHosts?.map((entry) => entry.replace(/[:=].*$/s, ""));
  const all = { networkMode, extraHosts: hosts, shmSizeBytes, ulimits };
  return Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, JSON.stringify(value)] as const],
  );
}
