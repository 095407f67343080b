import { existsSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { IgnoreList } from "../../context/dockerignore/ignoreList";
import { readIgnoreList, withIgnoreFile } from "../../context/files/ignoreFile";
import { walk, type FoundEntry, type IgnoreRules } from "../../context/files/walk";
import type { Log } from "../../base/log";
import { checkConfined, type Confinement } from "./confinement";
import { missing } from "./requirePath";
import { commonFolder } from "./requirements";

/** Folder that is copied into an image, or mounted during the build. */
export interface CopiedFolder {
  /** Absolute path of the folder. */
  readonly folder: string;
  /** Whether to exclude caches, environments, and build results, in addition to the ignore file's rules. */
  readonly ignoresClutter: boolean;
  /** Names of files directly in the folder that are included even if the ignore file excludes them. */
  readonly keep?: readonly string[];
}

/** Places of ignore files. */
export interface IgnorePlaces {
  readonly root: string;
  /** Ignore file that the image specifies. */
  readonly dockerignore: string | undefined;
  /** Folders from which files may be read. */
  readonly within?: Confinement;
}

/** Names that Flyte always excludes from a project; `*` matches any text. */
export const clutterNames = [
  ...[
    ".git",
    "__pycache__",
    ".cache",
    ".ruff_cache",
    ".mypy_cache",
    ".pytest_cache",
    ".venv",
    ".idea",
    "venv",
    "env",
    ".env",
    "dist",
    "build",
  ],
  ...["*.pyc", "*.log", "*.egg-info", "*.egg", "*.whl"],
] as const;
/** Whether a name matches one of {@link clutterNames}. */
export function isClutter(name: string): boolean {
  return clutterNames.some((each) => (each.startsWith("*") ? name.endsWith(each.slice(1)) : name === each));
}

/**
 * Yields the entries of a folder that get into an image, in path order: files, and links as links. Leaves out empty
 * folders, because a fresh clone has none, and a folder with only ignored files counts as empty; and sockets, devices,
 * and named pipes.
 *
 * @throws ImageBuilderError `dockerignoreInvalid`, `contextUnreadable`; `imageFileMissing` for a folder that the ignore
 * file excludes as a whole
 */
export function* folderFiles(copied: CopiedFolder, places: IgnorePlaces, log: Log): Generator<FoundEntry | undefined> {
  checkConfined(copied.folder, places.within);
  const ignoreFile = ignoreFileFor(copied.folder, places);
  if (ignoreFile !== undefined) checkConfined(ignoreFile, places.within);
  const kept = new Set(copied.keep);
  try {
    for (const batch of walk(copied.folder, { order: "path", ignoreList: rulesFor(copied, ignoreFile, log) })) {
      for (const found of batch ?? []) {
        if (found.kind === "socket" || found.kind === "device" || found.kind === "fifo")
          log.warn(`The ${found.kind} "${found.absolutePath}" is not copied into the image.`);
        else if (found.kind !== "directory") {
          kept.delete(found.path);
          yield found;
        }
      }
      yield undefined;
    }
  } catch (error) {
    throw withIgnoreFile(error, ignoreFile);
  }
  for (const name of kept) yield { path: name, absolutePath: join(copied.folder, name), kind: "file", isNamed: true };
}

/** Returns the image's own ignore file, otherwise the root's, otherwise the folder's; undefined if there is none. */
export function ignoreFileFor(folder: string, { root, dockerignore }: IgnorePlaces): string | undefined {
  return (
    dockerignore ??
    [join(root, ".dockerignore"), join(folder, ".dockerignore")].find(
      (file) => existsSync(file) && statSync(file).isFile(),
    )
  );
}

function rulesFor(
  { folder, ignoresClutter }: CopiedFolder,
  ignoreFile: string | undefined,
  log: Log,
): IgnoreRules | undefined {
  const options = { builder: "buildkit", alwaysInclude: [], warn: (message: string) => log.warn(message) } as const;
  const list =
    (ignoreFile === undefined ? undefined : readIgnoreList(ignoreFile, options)) ?? new IgnoreList([], "buildkit");
  return {
    root: ignoreFile === undefined ? list.root : scopeOf(folder, list, ignoreFile),
    decide: (scope, name, isDirectory) =>
      ignoresClutter && isClutter(name) ? { excluded: true } : list.decide(scope, name, isDirectory),
  };
}

/**
 * Returns the scope of the rules: they apply to paths below the ignore file's folder if it contains the copied folder,
 * otherwise to paths below the copied folder.
 */
function scopeOf(folder: string, list: IgnoreList, ignoreFile: string): IgnoreList["root"] {
  const base = dirname(ignoreFile);
  if (commonFolder(base, folder) !== base || base === folder) return list.root;
  let scope = list.root;
  for (const part of relative(base, folder).split(sep)) {
    const inside = list.decide(scope, part, true).inside;
    if (!inside)
      throw missing(
        "withSourceFolder",
        `the folder "${folder}" is excluded by the ignore file "${ignoreFile}". ` +
          'Add a line that starts with "!", or specify another file with withDockerignore.',
      );
    scope = inside;
  }
  return scope;
}
