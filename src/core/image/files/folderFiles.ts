import { existsSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { isLinkedAway } from "../../base/contactedHost";
import { IgnoreList } from "../../context/dockerignore/ignoreList";
import { readIgnoreList, withIgnoreFile } from "../../context/files/ignoreFile";
import { realFolder, type RealFolder } from "../../context/files/realFolder";
import { walk, type FoundEntry, type IgnoreRules } from "../../context/files/walk";
import { silentLog, type Log } from "../../base/log";
import { clutterPatterns, patternOf, type LeftOut } from "./clutter";
import { openConfined } from "./confinedFiles";
import { checkConfined, type Confinement } from "./confinement";
import { missing } from "./requirePath";
import { commonFolder } from "./requirements";

/** Folder that is copied into an image, or mounted during the build. */
export interface CopiedFolder {
  /** Absolute path of the folder. */
  readonly folder: string;
  /** Files that are left out by default; the ignore file may include them again. */
  readonly leavesOut: LeftOut;
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

/**
 * Yields the entries of a folder that get into an image, in path order: files, and links as links. Leaves out empty
 * folders, because a fresh clone has none, and a folder with only ignored files counts as empty; and sockets, devices,
 * and named pipes.
 *
 * @throws ImageBuilderError `dockerignoreInvalid`, `contextUnreadable`; `imageFileMissing` for a folder that the ignore
 * file excludes as a whole
 */
export function* folderFiles(copied: CopiedFolder, places: IgnorePlaces, log: Log): Generator<FoundEntry | undefined> {
  const { ignoreFile, rules } = rulesFor(copied, places, log);
  const kept = new Set(copied.keep);
  const rootFolder = checkedRoot(copied.folder, places.within);
  try {
    for (const batch of walk(copied.folder, { order: "path", ignoreList: rules, rootFolder })) {
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

/** Makes sure that what is walked is the folder that may be read, also if a link takes its place. */
function checkedRoot(folder: string, within: Confinement): RealFolder | undefined {
  if (within === undefined) return undefined;
  let root: RealFolder;
  try {
    root = realFolder(folder);
  } catch {
    // The walk reports it.
    return undefined;
  }
  checkConfined(root.realPath, within);
  return root;
}

/**
 * Checks the ignore file of a folder without walking the folder.
 *
 * @throws ImageBuilderError `dockerignoreInvalid`, `imageFileMissing` as {@link folderFiles}
 */
export function checkIgnoreRules(copied: CopiedFolder, places: IgnorePlaces): void {
  rulesFor(copied, places, silentLog);
}

/** Returns the image's own ignore file, otherwise the root's, otherwise the folder's; undefined if there is none. */
export function ignoreFileFor(folder: string, { root, dockerignore }: IgnorePlaces): string | undefined {
  return (
    dockerignore ??
    [join(root, ".dockerignore"), join(folder, ".dockerignore")].find(
      (file) => isLinkedAway(file) || (existsSync(file) && statSync(file).isFile()),
    )
  );
}

function rulesFor(
  { folder, leavesOut }: CopiedFolder,
  places: IgnorePlaces,
  log: Log,
): { readonly ignoreFile: string | undefined; readonly rules: IgnoreRules } {
  checkConfined(folder, places.within);
  const ignoreFile = ignoreFileFor(folder, places);
  if (ignoreFile !== undefined) checkConfined(ignoreFile, places.within);
  const way = ignoreFile === undefined ? "" : wayBelow(dirname(ignoreFile), folder);
  const before = clutterPatterns(leavesOut, way && `${way.replace(/[\\*?[\]]/g, "\\$&")}/`).flatMap(patternOf);
  const options = {
    builder: "buildkit",
    alwaysInclude: [],
    before,
    warn: (message: string) => log.warn(message),
    open: (file: string) => openConfined(file, places.within),
  } as const;
  const list =
    (ignoreFile === undefined ? undefined : readIgnoreList(ignoreFile, options)) ?? new IgnoreList(before, "buildkit");
  const rules: IgnoreRules = {
    root: ignoreFile === undefined ? list.root : scopeOf(folder, list, ignoreFile),
    decide: (scope, name, isDirectory) => list.decide(scope, name, isDirectory),
  };
  return { ignoreFile, rules };
}

/** Returns the slash-separated path from one folder to another in it; nothing where it is not in it, or the same. */
function wayBelow(base: string, folder: string): string {
  return commonFolder(base, folder) === base ? relative(base, folder).split(sep).join("/") : "";
}

/**
 * Returns the scope of the rules: they apply to paths below the ignore file's folder if it contains the copied folder,
 * otherwise to paths below the copied folder.
 */
function scopeOf(folder: string, list: IgnoreList, ignoreFile: string): IgnoreList["root"] {
  const base = dirname(ignoreFile);
  const way = wayBelow(base, folder);
  if (way === "") return list.root;
  let scope = list.root;
  for (const part of way.split("/")) {
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
