import { fstatSync, type BigIntStats, type Stats } from "node:fs";

/** Which file or folder it is, whatever its name: bigint where a number would be rounded. */
export interface FileIdentity {
  readonly dev: number | bigint;
  readonly ino: number | bigint;
}

/**
 * Takes the identity out of what the system tells of a file.
 *
 * @param exact asks the system again, for file systems with inodes beyond 2^53
 */
export function identityOf({ dev, ino }: Stats, exact: () => BigIntStats): FileIdentity {
  return Number.isSafeInteger(dev) && Number.isSafeInteger(ino) ? { dev, ino } : exact();
}

const countsDevices = process.platform !== "win32";

/** Compares an open file with what was listed. Windows numbers devices differently from call to call. */
export function isSameFile(dev: FileIdentity["dev"], ino: FileIdentity["ino"], fd: number, stats: Stats): boolean {
  const opened = typeof ino === "number" && typeof dev === "number" ? stats : fstatSync(fd, { bigint: true });
  return opened.ino === ino && (opened.dev === dev || !countsDevices);
}
