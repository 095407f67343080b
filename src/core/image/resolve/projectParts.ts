import { basename, dirname, join, posix } from "node:path";
import { statSync } from "node:fs";
import type { PoetryProjectStep, UvProjectStep } from "./steps";
import type { CopiedFolder } from "../files/folderFiles";
import { missing } from "../files/requirePath";

/** Folder or file on this machine that installing a project requires, apart from its two files. */
export interface ProjectPart {
  /** Path relative to the project's folder, with slashes; "." is that folder itself. */
  readonly path: string;
  readonly content: { readonly kind: "file"; readonly file: string } | ({ readonly kind: "folder" } & CopiedFolder);
}

/**
 * Returns the parts that installing a project requires: its own folder if it is installed, too, and the local folders
 * and files that it depends on.
 *
 * @throws ImageBuilderError `imageFileMissing`
 */
export function projectParts(step: UvProjectStep | PoetryProjectStep): ProjectPart[] {
  const project = dirname(step.pyproject);
  const isWhole = step.mode === "install_project";
  const sources = step.kind === "uvProject" ? step.localSources : [];
  // Folders inside the project are part of it.
  const outside = sources.filter((path) => !isWhole || path.startsWith("../"));
  const parts = outside.map((path) => ({ path, content: contentAt(project, path) }));
  if (!isWhole) return parts;
  const keep = [step.pyproject, step.lock].flatMap((file) =>
    file !== undefined && dirname(file) === project ? [basename(file)] : [],
  );
  return [{ path: ".", content: { kind: "folder", folder: project, ignoresClutter: true, keep } }, ...parts];
}

/** Returns the number of folders by which the farthest part is above the project. */
export function levelsAbove(parts: readonly ProjectPart[]): number {
  return Math.max(
    0,
    ...parts.map(
      ({ path }) =>
        posix
          .normalize(path)
          .split("/")
          .filter((part) => part === "..").length,
    ),
  );
}

function contentAt(project: string, path: string): ProjectPart["content"] {
  const absolutePath = join(project, path);
  const stats = statSync(absolutePath, { throwIfNoEntry: false });
  if (stats?.isDirectory()) return { kind: "folder", folder: absolutePath, ignoresClutter: true };
  if (stats?.isFile()) return { kind: "file", file: absolutePath };
  throw missing(
    "withUvProject",
    `the project in "${project}" depends on "${path}", which doesn't exist. ` +
      "Create it, or remove it from the project's sources.",
  );
}
