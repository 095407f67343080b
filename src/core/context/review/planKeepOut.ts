import { join, relative, sep } from "node:path";
import { Evaluator } from "../evaluation/evaluator";
import { readPathTree } from "../tree/readPathTree";
import { ignoreFilePlace } from "../lint/state/ignoreFilePlace";
import { lintStateOf } from "../lint/lint";
import { planExclusion, type ChangePlan } from "../overview/changePlan";
import type { Upload } from "./upload";

/** A change of the ignore file that keeps paths out of an upload, with all that it does. */
export interface KeepOutPlan extends ChangePlan {
  /** Absolute path; there may be no such file yet. */
  readonly ignoreFile: string;
  /** Whether its text begins with a byte order mark, which the places of the fix count. */
  readonly hasMark: boolean;
}

/** Works out how to keep exactly these paths out; nothing where no line of the ignore file does that. */
export type KeepOutPlanner = (paths: readonly string[]) => Promise<KeepOutPlan | undefined>;

/** What plans are made with, besides the upload. */
export interface PlanOptions {
  readonly alwaysInclude: readonly string[];
  /** What an ignore file holds, or will once it is saved; nothing if there is none. */
  readonly read: (file: string) => Promise<string | Buffer | undefined>;
  readonly signal?: AbortSignal;
}

/**
 * Reads the context's folder, so that plans can be made for one set of paths after the other. Neither the Dockerfile
 * nor what was added to the folder's files can be kept out.
 *
 * @throws what the system throws if the folder cannot be read; the signal's reason
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
  const [source, { tree }] = await Promise.all([read(ignoreFile), readPathTree(root, { signal })]);
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
