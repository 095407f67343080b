import { join, relative, sep } from "node:path";
import { Evaluator } from "../evaluation/evaluator";
import { realFolder } from "../files/realFolder";
import { readPathTree } from "../tree/readPathTree";
import { ignoreFilePlace } from "../lint/state/ignoreFilePlace";
import { lintStateOf } from "../lint/lint";
import { planExclusion, type ChangePlan } from "../overview/changePlan";
import type { Upload } from "./upload";

/** Change of the ignore file that excludes paths from an upload, with its complete effect. */
export interface KeepOutPlan extends ChangePlan {
  /** Absolute path; the file may not exist yet. */
  readonly ignoreFile: string;
  /** Whether the file's text begins with a byte order mark, which the ranges of the fix count. */
  readonly hasMark: boolean;
}

/** Plans to exclude exactly these paths; resolves to undefined if no lines of the ignore file can do that. */
export type KeepOutPlanner = (paths: readonly string[]) => Promise<KeepOutPlan | undefined>;

/** Options of plans, in addition to the upload. */
export interface PlanOptions {
  readonly alwaysInclude: readonly string[];
  /** Returns the content of an ignore file, possibly unsaved; undefined if there is none. */
  readonly read: (file: string) => Promise<string | Buffer | undefined>;
  readonly signal?: AbortSignal;
}

/**
 * Reads the context's folder, and returns a planner for any number of path sets. The Dockerfile and files that were
 * added to the folder's can't be excluded.
 *
 * @throws the system's error if the folder can't be read; the signal's reason
 */
export async function keepOutPlanner(
  { context, dockerfile, builder }: Pick<Upload, "context" | "dockerfile" | "builder">,
  { alwaysInclude, read, signal }: PlanOptions,
): Promise<KeepOutPlanner> {
  const { root } = context;
  if (root === undefined) return async () => undefined;
  const ignoreFile = context.dockerignoreFile ?? join(root, ".dockerignore");
  const file = pathBelow(root, ignoreFile);
  if (ignoreFilePlace(root, file)) return async () => undefined;
  const [source, { tree }] = await Promise.all([read(ignoreFile), readPathTree(realFolder(root).realPath, { signal })]);
  const dockerfiles = [{ file: pathBelow(root, dockerfile.file), text: dockerfile.text }];
  const added = context.getExtraFiles();
  const state = lintStateOf(source, {
    file,
    builder,
    alwaysInclude,
    evaluator: new Evaluator(tree),
    dockerfiles,
    signal,
  });

  return async (paths) => {
    const plan = await planExclusion(
      state,
      paths.filter((path) => path !== dockerfiles[0]?.file && !added.has(path)),
    );
    return plan && { ...plan, ignoreFile, hasMark: state.ignore.hasMark };
  };
}

function pathBelow(root: string, file: string): string {
  return relative(root, file).split(sep).join("/");
}
