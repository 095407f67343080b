import { fstatSync, type BigIntStats, type Stats } from "node:fs";

/** Identity of a file or folder, independent of its name; bigint if a number would be rounded. */
export interface FileIdentity {
  readonly dev: number | bigint;
  readonly ino: number | bigint;
}

/**
 * Returns the identity from a file's stats.
 *
 * @param exact reads the stats again as bigint, for file systems with inodes above 2^53
 */
export function identityOf({ dev, ino }: Stats, exact: () => BigIntStats): FileIdentity {
  return Number.isSafeInteger(dev) && Number.isSafeInteger(ino) ? { dev, ino } : exact();
}

const countsDevices = process.platform !== "win32";

/** Whether an open file is the listed one. Ignores the device on Windows, where its number differs between calls. */
export function isSameFile(dev: FileIdentity["dev"], ino: FileIdentity["ino"], fd: number, stats: Stats): boolean {
  const opened = typeof ino === "number" && typeof dev === "number" ? stats : fstatSync(fd, { bigint: true });
  return opened.ino === ino && (opened.dev === dev || !countsDevices);
}
