import { readdirSync } from "node:fs";
import { join } from "node:path";
import { isLinkedAway } from "../../../base/contactedHost";
import { readSmallFile } from "../../../border/readSmallFile";
import { listed, namesIn, readConfined } from "../../files/confinedFiles";
import { isConfined, type Confinement } from "../../files/confinement";

const maxBytes = 2 ** 20;

/** Folder that a Dockerfile is proposed for. */
export interface ProjectFolder {
  /** Absolute path. */
  readonly path: string;
  /** Names of the entries that may be read. */
  readonly names: ReadonlySet<string>;
  /** Folders that links must not lead out of. */
  readonly within: Confinement;
}

/** Lists a folder, without links that lead out of the permitted folders. @throws the file system's own errors */
export async function listProject(path: string, within?: Confinement): Promise<ProjectFolder> {
  const names = (listed(path, within, (place) => readdirSync(place)) ?? []).filter(
    (name) => !isLinkedAway(join(path, name)) && isConfined(join(path, name), within),
  );
  return { path, names: new Set(names), within };
}

/** Reads a file of the folder; an empty text if it doesn't exist, is larger than 1 MiB, or can't be read. */
export async function textOf({ path, names, within }: ProjectFolder, name: string): Promise<string> {
  if (!names.has(name)) return "";
  try {
    if (within === undefined) return await readSmallFile(join(path, name), maxBytes);
    const { bytes } = readConfined(join(path, name), within) ?? { bytes: Buffer.alloc(0) };
    return bytes.length > maxBytes ? "" : bytes.toString("utf8");
  } catch {
    return ""; // The template for any project of this kind is proposed instead.
  }
}

/** Lists a subfolder; empty if it doesn't exist, is not a folder, or leads out of the permitted folders. */
export function namesBelow({ path, within }: ProjectFolder, name: string): string[] {
  const folder = join(path, name);
  try {
    return isLinkedAway(folder) ? [] : namesIn(folder, within).sort();
  } catch {
    return [];
  }
}
