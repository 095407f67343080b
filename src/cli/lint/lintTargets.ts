import { existsSync, lstatSync } from "node:fs";
import { basename, dirname, relative, resolve, sep } from "node:path";
import { isIgnoreFileName } from "../../core/context/dockerignore/ignoreFileName";
import { ImageBuilderError, messageOf, systemCodeOf } from "../../core/base/errors";

/** File given on the command line. */
export interface LintTarget {
  /** Path as on the command line. */
  readonly given: string;
  /** Absolute path. */
  readonly path: string;
  readonly isIgnoreFile: boolean;
  /**
   * Absolute path of the Dockerfile, or of the one that the ignore file is for; undefined for the ignore file of a
   * folder.
   */
  readonly dockerfile?: string;
}

/** Ignore file, and the given files whose findings depend on it. */
export interface LintedIgnoreFile {
  /** Absolute path of the build context. */
  readonly root: string;
  /** Path relative to the root, with slashes. */
  readonly file: string;
  readonly targets: readonly LintTarget[];
}

/**
 * Determines whether a given file is a Dockerfile or an ignore file.
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
 * Groups files by the ignore file that applies to them.
 *
 * @param context absolute path of the build context; default is the folder of each file
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

/** Converts a path to slashes, as in findings. */
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
