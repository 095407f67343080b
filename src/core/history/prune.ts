import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { isBuildId } from "./buildId";
import { inputsSuffix, logSuffix, packedSuffix, reportSuffix } from "./logFiles";

/** Limits on the stored builds of a workspace. */
export interface HistoryBounds {
  readonly builds: number;
  /** Size of all files together. */
  readonly totalBytes: number;
}

/** Logs are packed to about a tenth of their size, so that 100 logs of several megabytes fit. */
export const defaultBounds: HistoryBounds = { builds: 100, totalBytes: 64 * 2 ** 20 };

/** Age in milliseconds at which a temporary file no longer belongs to a write, and a log to a build that starts. */
const abandonedMs = 60 * 60_000;
/** Time in milliseconds since the last change of a log during which its build may be running. */
const freshMs = 10 * 60_000;

interface Found {
  readonly name: string;
  /** ID of the build; undefined for temporary files. */
  readonly id?: string;
  readonly sizeBytes: number;
  readonly ageMs: number;
}

/**
 * Deletes what is beyond the limits: whole builds beyond the newest, and then the logs, reports, and inputs of the
 * oldest builds until all files fit. Other files in the folder are left alone.
 */
export async function prune(folder: string, { builds, totalBytes }: HistoryBounds): Promise<void> {
  const found = await filesIn(folder);
  const newestFirst = [...new Set(found.flatMap(({ id, name }) => (id && name.endsWith(".json") ? [id] : [])))]
    .sort()
    .reverse();
  const kept = new Set(newestFirst.slice(0, builds));
  const surplus = new Set(newestFirst.slice(builds));
  // A log without a build may be that of a build that starts.
  const isKept = ({ id, ageMs }: Found): boolean =>
    id === undefined ? ageMs < abandonedMs : kept.has(id) || (!surplus.has(id) && ageMs < abandonedMs);
  const gone = found.filter((file) => !isKept(file));
  let sizeBytes = found.filter(isKept).reduce((sum, file) => sum + file.sizeBytes, 0);
  const details = found
    .filter((file) => isKept(file) && (isPacked(file) || (isLog(file) && file.ageMs > freshMs)))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  // Those of the newest build are kept even if they are larger than the limit.
  const newest = details.at(-1)?.id;
  for (const file of details.filter(({ id }) => id !== newest)) {
    if (sizeBytes <= totalBytes) break;
    sizeBytes -= file.sizeBytes;
    gone.push(file);
  }
  await Promise.all(gone.map(({ name }) => rm(join(folder, name), { force: true, recursive: true })));
}

function isPacked({ name }: Found): boolean {
  return [packedSuffix, reportSuffix, inputsSuffix].some((suffix) => name.endsWith(suffix));
}

function isLog({ name }: Found): boolean {
  return name.endsWith(logSuffix);
}

async function filesIn(folder: string): Promise<Found[]> {
  const names = await readdir(folder).catch(() => []);
  const now = Date.now();
  const found = await Promise.all(
    names.map(async (name): Promise<Found[]> => {
      const id = idIn(name);
      if (id === undefined && !isTemporary(name)) return [];
      const file = await stat(join(folder, name)).catch(() => undefined);
      return file ? [{ name, id, sizeBytes: file.size, ageMs: now - file.mtimeMs }] : [];
    }),
  );
  return found.flat();
}

function idIn(name: string): string | undefined {
  const suffix = [".json", packedSuffix, logSuffix, reportSuffix, inputsSuffix].find((each) => name.endsWith(each));
  const id = suffix === undefined ? "" : name.slice(0, -suffix.length);
  return isBuildId(id) ? id : undefined;
}

/** Checks whether a file is one that `writeWhole` writes before it renames it. */
function isTemporary(name: string): boolean {
  return name.endsWith(".tmp") && isBuildId(name.split(".")[0] ?? "");
}
