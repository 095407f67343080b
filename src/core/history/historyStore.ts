import { mkdirSync } from "node:fs";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { messageOf, systemCodeOf } from "../base/errors";
import type { Log } from "../base/log";
import { readSmallFile } from "../border/readSmallFile";
import { isBuildId } from "./buildId";
import { longestRecord, parseRecord, recordText, type BuildRecord } from "./buildRecord";
import { inputsFileOf, logFileOf, packedLogOf, packedText, readPackedText, reportFileOf } from "./logFiles";
import { inputsText, longestInputs, parseInputs, type BuildInputs } from "../report/inputsRecord";
import { longestReport, parseReport, reportText, type BuildReport } from "../report/reportRecord";
import { isRunning } from "./owner";
import { defaultBounds, prune, type HistoryBounds } from "./prune";
import { saltIn } from "./salt";
import { writeWhole, writeWholeNow } from "./writeWhole";

const suffix = ".json";
/** Maximum size of a stored log in bytes, which is more than a `LogText` keeps. */
const largestLog = 16 * 2 ** 20;

/**
 * Builds of a workspace, in a folder of ours: one file per build, so that windows of the same workspace don't overwrite
 * each other's builds, and its log. All files are foreign data when they are read again.
 */
export class HistoryStore {
  constructor(
    readonly folder: string,
    private readonly log: Log,
    private readonly bounds: HistoryBounds = defaultBounds,
  ) {}

  /**
   * Returns the newest builds, newest first. A build that ran in a process that is gone is "interrupted". Files that
   * can't be used are deleted.
   */
  async list(): Promise<BuildRecord[]> {
    const ids = (await this.#ids()).sort().reverse().slice(0, this.bounds.builds);
    const records = await Promise.all(ids.map((id) => this.#read(id)));
    return records.filter((record) => record !== undefined);
  }

  /** Stores a build, in place of an earlier version of it. @throws the file system's error */
  async save(record: BuildRecord): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    await writeWhole(this.#fileOf(record.id), recordText(record));
  }

  /** Stores a build before it returns: for a process that is about to end. @throws the file system's error */
  saveNow(record: BuildRecord): void {
    mkdirSync(this.folder, { recursive: true });
    writeWholeNow(this.#fileOf(record.id), recordText(record));
  }

  /** Stores the report of a build. @throws the file system's error; Error if it is too long */
  async saveReport(id: string, report: BuildReport): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    await writeWhole(reportFileOf(this.folder, id), await packedText(reportText(report)));
  }

  /** Stores a report before it returns: for a process that is about to end. @throws as `saveReport` */
  saveReportNow(id: string, report: BuildReport): void {
    mkdirSync(this.folder, { recursive: true });
    writeWholeNow(reportFileOf(this.folder, id), gzipSync(reportText(report)));
  }

  /** Returns the report of a build; undefined if none was kept or it can't be read. */
  async readReport(id: string): Promise<BuildReport | undefined> {
    return this.#readPacked(reportFileOf(this.folder, id), longestReport, parseReport);
  }

  /** Stores what the steps of a build depended on. @throws the file system's error; Error if it is too long */
  async saveInputs(id: string, inputs: BuildInputs): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    await writeWhole(inputsFileOf(this.folder, id), await packedText(inputsText(inputs)));
  }

  /** Returns what the steps of a build depended on; undefined if it was not kept or can't be read. */
  async readInputs(id: string): Promise<BuildInputs | undefined> {
    return this.#readPacked(inputsFileOf(this.folder, id), longestInputs, parseInputs);
  }

  /** Returns the salt of this workspace. @throws as `saltIn` */
  salt(): Promise<string> {
    return saltIn(this.folder);
  }

  /** Deletes a build, its log, its report, and its inputs. */
  async remove(id: string): Promise<void> {
    await Promise.all(
      [
        this.#fileOf(id),
        ...[logFileOf, packedLogOf, reportFileOf, inputsFileOf].map((fileOf) => fileOf(this.folder, id)),
      ].map((file) => rm(file, { force: true })),
    );
  }

  /** Returns the log of a build; undefined if it was not kept. */
  async readLog(id: string): Promise<string | undefined> {
    try {
      return (
        (await readPackedText(packedLogOf(this.folder, id), largestLog)) ??
        (await readSmallFile(logFileOf(this.folder, id), largestLog))
      );
    } catch (error) {
      if (systemCodeOf(error) !== "ENOENT") this.log.warn(`Can't read the log of a build (${messageOf(error)}).`);
      return undefined;
    }
  }

  /** Deletes the oldest builds and logs beyond the limits, and files that interrupted writes have left. */
  async prune(): Promise<void> {
    await prune(this.folder, this.bounds);
  }

  /** @param longest maximum length in characters */
  async #readPacked<Kept>(
    file: string,
    longest: number,
    parse: (text: string) => Kept | undefined,
  ): Promise<Kept | undefined> {
    try {
      // A character has at most three bytes in UTF-8.
      const text = await readPackedText(file, 3 * longest);
      const kept = text === undefined ? undefined : parse(text);
      if (text !== undefined && !kept) this.log.warn(`A file of a build is damaged, or of a later version: ${file}`);
      return kept;
    } catch (error) {
      this.log.warn(`Can't read a file of a build (${messageOf(error)}): ${file}`);
      return undefined;
    }
  }

  async #ids(): Promise<string[]> {
    const names = await readdir(this.folder).catch((error: unknown) => {
      if (systemCodeOf(error) !== "ENOENT") this.log.warn(`Can't read the build history (${messageOf(error)}).`);
      return [];
    });
    return names.flatMap((name) => {
      const id = name.endsWith(suffix) ? name.slice(0, -suffix.length) : "";
      return isBuildId(id) ? [id] : [];
    });
  }

  async #read(id: string): Promise<BuildRecord | undefined> {
    let text: string;
    try {
      // A record is one byte per character or more, because JSON may contain any text.
      text = await readSmallFile(this.#fileOf(id), 4 * longestRecord);
    } catch (error) {
      // Another window may have deleted it.
      if (systemCodeOf(error) !== "ENOENT") await this.#drop(id, messageOf(error));
      return undefined;
    }
    const record = parseRecord(text);
    if (record === "later") return undefined;
    if (record?.id === id) return this.#checkedState(record);
    await this.#drop(id, "it is damaged");
    return undefined;
  }

  async #checkedState(record: BuildRecord): Promise<BuildRecord> {
    if (record.state !== "running") return record;
    const touchedAt = await stat(logFileOf(this.folder, record.id)).then(
      ({ mtimeMs }) => mtimeMs,
      () => undefined,
    );
    return isRunning(record, touchedAt)
      ? record
      : { ...record, state: "interrupted", endedAt: endOf(record, touchedAt) };
  }

  async #drop(id: string, why: string): Promise<void> {
    this.log.warn(`A build in the history was dropped (${why}): ${this.#fileOf(id)}`);
    await rm(this.#fileOf(id), { force: true, recursive: true }).catch((error: unknown) =>
      this.log.warn(messageOf(error)),
    );
  }

  #fileOf(id: string): string {
    return join(this.folder, id + suffix);
  }
}

function endOf({ startedAt }: BuildRecord, touchedAt: number | undefined): number {
  return Math.max(startedAt, Math.round(touchedAt ?? 0));
}
