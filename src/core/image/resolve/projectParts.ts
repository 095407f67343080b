import { basename, dirname } from "node:path";
import { statSync } from "node:fs";
import type { PoetryProjectStep, UvProjectStep } from "./steps";
import type { CopiedFolder } from "../files/folderFiles";
import { relativePath } from "../files/localSources";

/** Something that installing a project needs. */
export interface ProjectPart {
  /** Relative to the project's top folder, slash-separated; "." is that folder itself. */
  readonly path: string;
  readonly content:
    | { readonly kind: "file"; readonly file: string }
    | { readonly kind: "content"; readonly name: string; readonly content: string }
    | ({ readonly kind: "folder" } & CopiedFolder);
}

/** The name of the lock file that a program looks for. */
const lockNames = { uvProject: "uv.lock", poetryProject: "poetry.lock" } as const;

/** Returns the folder to which the parts of a project are relative. */
export function topOf(step: UvProjectStep | PoetryProjectStep): string {
  return step.kind === "uvProject" ? step.top : dirname(step.pyproject);
}

/**
 * What installing a project needs: its folder, where it is built itself, the folders and files that it depends on, and
 * the files that describe it.
 */
export function projectParts(step: UvProjectStep | PoetryProjectStep): ProjectPart[] {
  const top = topOf(step);
  const project = dirname(step.pyproject);
  const isWhole = step.mode === "install_project" || (step.kind === "uvProject" && step.isDynamic);
  const at = (path: string): string => relativePath(top, path);
  const files: [file: string, path: string][] = [
    [step.pyproject, at(step.pyproject)],
    ...(step.lock === undefined ? [] : [[step.lock, lockNames[step.kind]] satisfies [string, string]]),
    ...(step.kind === "uvProject" ? step.memberFiles : []).map((file): [string, string] => [file, at(file)]),
  ];
  const own = files.flatMap(([file]) => (dirname(file) === project ? [basename(file)] : []));
  const folders: ProjectPart[] = isWhole
    ? [
        {
          path: at(project),
          content: { kind: "folder", folder: project, leavesOut: "clutter", keep: [...new Set(own)] },
        },
      ]
    : [];
  const taken = new Map(folders.map(({ path }) => [project, path]));
  for (const source of step.localSources) {
    // A path in another part is included with it.
    if (foldersAround(source).some((folder) => taken.has(folder))) continue;
    const content = contentAt(source);
    folders.push({ path: at(source), content });
    if (content.kind === "folder") taken.set(source, at(source));
  }
  const single = new Map<string, ProjectPart>();
  for (const [file, path] of files) {
    const isThere = foldersAround(file).some((folder) => {
      const place = taken.get(folder);
      return place !== undefined && path === joined(place, relativePath(folder, file));
    });
    if (!isThere) single.set(path, { path, content: textOrFile(step, file) });
  }
  return [...folders, ...single.values()];
}

/** Returns the number of folders above the top of the project's farthest part. */
export function levelsAbove(parts: readonly ProjectPart[]): number {
  return Math.max(0, ...parts.map(({ path }) => path.split("/").filter((part) => part === "..").length));
}

function joined(folder: string, path: string): string {
  return folder === "." ? path : `${folder}/${path}`;
}

/** Returns a path and the folders that it is in, up to the root of the file system. */
function foldersAround(path: string): string[] {
  const found = [path];
  for (let folder = path; dirname(folder) !== folder; folder = dirname(folder)) found.push(dirname(folder));
  return found;
}

function textOrFile(step: UvProjectStep | PoetryProjectStep, file: string): ProjectPart["content"] {
  const text = step.kind === "uvProject" && file === step.pyproject ? step.pyprojectText : undefined;
  return text === undefined ? { kind: "file", file } : { kind: "content", name: basename(file), content: text };
}

function contentAt(path: string): ProjectPart["content"] {
  return statSync(path).isDirectory()
    ? { kind: "folder", folder: path, leavesOut: "clutter" }
    : { kind: "file", file: path };
}
