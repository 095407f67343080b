import { existsSync, lstatSync } from "node:fs";
import { basename, dirname, relative, resolve, sep } from "node:path";
import { isIgnoreFileName } from "../../core/context/dockerignore/ignoreFileName";
import { ImageBuilderError, messageOf, systemCodeOf } from "../../core/base/errors";

/** A file that was named on the command line. */
export interface LintTarget {
  /** As it was written. */
  readonly given: string;
  /** Absolute. */
  readonly path: string;
  readonly isIgnoreFile: boolean;
  /** The Dockerfile that it is or that its ignore file is for; undefined for an ignore file of a folder. */
  readonly dockerfile?: string;
}

/** An ignore file with the files that were named and whose findings depend on it. */
export interface LintedIgnoreFile {
  /** Absolute path of the context. */
  readonly root: string;
  /** Slash-separated, relative to the root. */
  readonly file: string;
  readonly targets: readonly LintTarget[];
}

/**
 * Finds out what a named file is.
 *
 * @throws ImageBuilderError `dockerignoreInvalid` for a missing ignore file, `contextUnreadable`
 */
export function lintTargetOf(given: string): LintTarget {
  const path = resolve(given);
  const isIgnoreFile = isIgnoreFileName(path);
  if (isIgnoreFile) checkThere(path);
  const name = basename(path);
  if (isIgnoreFile && name.startsWith(".")) return { given, path, isIgnoreFile };
  return { given, path, isIgnoreFile, dockerfile: isIgnoreFile ? path.slice(0, path.lastIndexOf(".")) : path };
}

/**
 * Gathers the files by the ignore file that counts for them.
 *
 * @param context absolute path; default is the folder of each file
 */
export function byIgnoreFile(targets: readonly LintTarget[], context: string | undefined): LintedIgnoreFile[] {
  const groups = new Map<string, LintedIgnoreFile & { readonly targets: LintTarget[] }>();
  for (const target of targets) {
    const root = context ?? dirname(target.path);
    const file = slashed(relative(root, target.isIgnoreFile ? target.path : ignoreFileFor(target.path, root)));
    const key = JSON.stringify([root, file]);
    const group = groups.get(key) ?? { root, file, targets: [] };
    groups.set(key, group);
    group.targets.push(target);
  }
  return [...groups.values()];
}

/** A path with slashes, as findings have it. */
export function slashed(path: string): string {
  return path.split(sep).join("/");
}

function ignoreFileFor(dockerfile: string, root: string): string {
  const own = `${dockerfile}.dockerignore`;
  return existsSync(own) ? own : resolve(root, ".dockerignore");
}

function checkThere(path: string): void {
  try {
    lstatSync(path);
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR")
      throw new ImageBuilderError("dockerignoreInvalid", `Can't find the ignore file "${path}". Check the path.`, {
        cause: error,
      });
    throw new ImageBuilderError(
      "contextUnreadable",
      `Can't read the ignore file "${path}" (${messageOf(error)}). Check that you have permission to read it.`,
      { cause: error },
    );
  }
}
