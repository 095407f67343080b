import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { newBuildId } from "../../../src/core/history/buildId";
import { HistoryStore } from "../../../src/core/history/historyStore";
import type { BuildInputs } from "../../../src/core/report/inputsRecord";
import { LogText } from "../../../src/core/history/logText";
import { LogWriter } from "../../../src/core/history/logWriter";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { recordingOperation } from "../../support/operation";
import { until } from "../../support/until";
import { record } from "./records";

const fail = (error: unknown): void => assert.fail(String(error));

describe("the history of builds", () => {
  let folder: string;
  let logged: string[];
  let store: HistoryStore;

  beforeEach(() => {
    folder = join(temporaryFolder(), "builds");
    const operation = recordingOperation();
    logged = operation.logged;
    store = new HistoryStore(folder, operation.log, { builds: 5, totalBytes: 20_000 });
  });
  after(removeTemporaryFolders);

  it("is empty where nothing was stored, and reading it creates no folder", async () => {
    assert.deepEqual(await store.list(), []);
    assert.equal(await store.readLog(newBuildId(new Date())), undefined);
    assert.throws(() => statSync(folder), { code: "ENOENT" });
    assert.deepEqual(logged, []);
  });

  it("returns what was stored, newest first, to any other window", async () => {
    const stored = [
      record(1),
      record(3),
      record(2, { state: "failed", failure: { message: "no", code: "pushFailed" } }),
    ];
    for (const each of stored) await store.save(each);
    const other = new HistoryStore(folder, recordingOperation().log);
    assert.deepEqual(
      (await other.list()).map(({ startedAt, failure }) => [startedAt, failure?.message]),
      [stored[1], stored[2], stored[0]].map((each) => [each?.startedAt, each?.failure?.message]),
    );
    assert.deepEqual((await other.list())[2], { version: 1, ...stored[0] });
  });

  it("keeps the builds that windows store at the same time", async () => {
    const windows = Array.from({ length: 5 }, () => new HistoryStore(folder, recordingOperation().log));
    await Promise.all(windows.map((window, i) => window.save(record(i))));
    assert.equal((await store.list()).length, 5);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.endsWith(".tmp")),
      [],
    );
  });

  it("replaces a build that is stored again", async () => {
    const running = record(1, { state: "running", startedAt: Date.now(), result: undefined });
    await store.save(running);
    assert.equal((await store.list())[0]?.state, "running");
    store.saveNow({ ...running, state: "cancelled" });
    assert.deepEqual(
      (await store.list()).map(({ state }) => state),
      ["cancelled"],
    );
  });

  it("calls a build interrupted whose process is gone or whose log was not written for long", async () => {
    const running = record(1, { state: "running", startedAt: Date.now(), result: undefined });
    const gone = { ...running, id: newBuildId(new Date()), owner: { ...running.owner, pid: 2 ** 30 } };
    const foreign = { ...running, id: newBuildId(new Date()), owner: { pid: 2 ** 30, host: "another" } };
    const silent = { ...running, id: newBuildId(new Date()), startedAt: Date.now() - 3_600_000 };
    for (const each of [running, gone, foreign, silent]) await store.save(each);
    writeFileSync(join(folder, `${silent.id}.log`), "x\n");
    const hourAgo = new Date(Date.now() - 3_600_000);
    utimesSync(join(folder, `${silent.id}.log`), hourAgo, hourAgo);
    const states = new Map((await store.list()).map(({ id, state }) => [id, state]));
    assert.deepEqual(
      [running, gone, foreign, silent].map(({ id }) => states.get(id)),
      ["running", "interrupted", "running", "interrupted"],
    );
  });

  it("drops files that are damaged or hostile, with a line in the log, and leaves others alone", async () => {
    mkdirSync(folder, { recursive: true });
    const good = record(1);
    await store.save(good);
    const texts: Readonly<Record<string, string>> = {
      empty: "",
      "cut off": JSON.stringify({ version: 1, ...record(2) }).slice(0, 200),
      "another build": JSON.stringify({ version: 1, ...record(2) }),
      nested: "[".repeat(100_000),
      "a hostile digest": JSON.stringify({
        version: 1,
        ...record(2, { result: { imageName: "a", repoDigest: "a@[x](command:y)", durationMs: 1 } }),
      }),
      "too large": `"${"x".repeat(2 ** 20)}"`,
    };
    const bad = Object.values(texts).map((text, i) => {
      const id = newBuildId(new Date(i));
      writeFileSync(join(folder, `${id}.json`), text);
      return `${id}.json`;
    });
    const folderId = newBuildId(new Date());
    mkdirSync(join(folder, `${folderId}.json`));
    writeFileSync(join(folder, "notes.json"), "mine");
    store = new HistoryStore(folder, { ...recordingOperation().log, warn: (text) => void logged.push(text) });
    assert.deepEqual(
      (await store.list()).map(({ id }) => id),
      [good.id],
    );
    assert.equal(logged.length, bad.length + 1, logged.join("\n"));
    assert.ok(logged.every((line) => line.length < 400 && !line.includes("command:")));
    assert.deepEqual(readdirSync(folder).sort(), [`${good.id}.json`, "notes.json"].sort());
  });

  it("leaves alone what a later version has stored", async () => {
    mkdirSync(folder, { recursive: true });
    const id = newBuildId(new Date());
    writeFileSync(join(folder, `${id}.json`), JSON.stringify({ version: 2, id, more: true }));
    assert.deepEqual(await store.list(), []);
    assert.deepEqual([readdirSync(folder), logged], [[`${id}.json`], []]);
  });

  it("keeps only the newest builds, and the logs of the newest that fit", async () => {
    const builds = Array.from({ length: 8 }, (_, i) => record(i));
    for (const build of builds) {
      await store.save(build);
      writeFileSync(join(folder, `${build.id}.log.gz`), Buffer.alloc(6000));
    }
    await store.prune();
    const kept = builds.slice(3).map(({ id }) => id);
    assert.deepEqual((await store.list()).map(({ id }) => id).reverse(), kept);
    const logs = readdirSync(folder).filter((name) => name.endsWith(".log.gz"));
    const sizeBytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    assert.ok(sizeBytes <= 20_000, `${sizeBytes} bytes`);
    assert.deepEqual(
      logs.sort(),
      kept.slice(-logs.length).map((id) => `${id}.log.gz`),
    );
    assert.ok(logs.length >= 2);
  });

  it("deletes the logs of the builds that it deletes", async () => {
    store = new HistoryStore(folder, recordingOperation().log, { builds: 2, totalBytes: 2 ** 20 });
    const builds = [record(1), record(2), record(3)];
    for (const build of builds) {
      await store.save(build);
      writeFileSync(join(folder, `${build.id}.log.gz`), "x");
    }
    await store.prune();
    const kept = builds.slice(1).flatMap(({ id }) => [`${id}.json`, `${id}.log.gz`]);
    assert.deepEqual(readdirSync(folder).sort(), kept.sort());
  });

  it("keeps the logs of running builds while it makes room", async () => {
    const running = record(0, { state: "running", result: undefined });
    await store.save(running);
    writeFileSync(join(folder, `${running.id}.log`), "x".repeat(30_000));
    await store.save(record(1));
    await store.prune();
    assert.equal((await store.readLog(running.id))?.length, 30_000);
  });

  it("removes what interrupted writes have left, but not writes that are going on", async () => {
    mkdirSync(folder, { recursive: true });
    const [old, fresh] = [`${record(1).id}.json.12-0.tmp`, `${record(2).id}.json.12-1.tmp`];
    for (const name of [old, fresh, "mine.tmp"]) writeFileSync(join(folder, name), "x");
    for (const name of [old, "mine.tmp"]) utimesSync(join(folder, name), 0, 0);
    await store.prune();
    assert.deepEqual(readdirSync(folder).sort(), [fresh, "mine.tmp"].sort());
  });

  it("deletes a build with its log", async () => {
    const build = record(1);
    await store.save(build);
    writeFileSync(join(folder, `${build.id}.log.gz`), gzipSync("log\n"));
    await store.remove(build.id);
    assert.deepEqual(readdirSync(folder), []);
  });

  it("reads no log that is damaged or unpacks to more than a log can have", async () => {
    mkdirSync(folder, { recursive: true });
    const [bomb, damaged] = [record(1).id, record(2).id];
    writeFileSync(join(folder, `${bomb}.log.gz`), gzipSync(Buffer.alloc(64 * 2 ** 20)));
    writeFileSync(join(folder, `${damaged}.log.gz`), "no archive");
    assert.deepEqual([await store.readLog(bomb), await store.readLog(damaged)], [undefined, undefined]);
    assert.equal(logged.length, 2);
  });

  it("has the report of a build until the build is deleted, and none of a damaged file", async () => {
    const report = { durationMs: 5, isRunning: false, steps: [], stepsLeftOut: 0, warnings: [] };
    const [saved, savedNow, none, damaged, bomb] = [1, 2, 3, 4, 5].map((minute) => record(minute).id);
    assert.ok(saved && savedNow && none && damaged && bomb);
    await store.saveReport(saved, report);
    store.saveReportNow(savedNow, report);
    for (const id of [saved, savedNow]) assert.deepEqual(await store.readReport(id), { version: 1, ...report });
    assert.equal(await store.readReport(none), undefined);
    assert.deepEqual(logged, []);
    writeFileSync(join(folder, `${damaged}.report.gz`), gzipSync(JSON.stringify({ version: 1, steps: 5 })));
    writeFileSync(join(folder, `${bomb}.report.gz`), gzipSync(Buffer.alloc(64 * 2 ** 20)));
    for (const id of [damaged, bomb]) assert.equal(await store.readReport(id), undefined);
    assert.equal(logged.length, 2, logged.join("\n"));
    for (const id of [saved, savedNow, damaged, bomb]) await store.remove(id);
    assert.deepEqual(readdirSync(folder), []);
  });

  it("has the inputs of a build until the build is deleted, and none of a damaged file", async () => {
    const files = {
      paths: ["a", "b"],
      kinds: "fd",
      modes: [420, 493],
      sizes: [1, 0],
      times: [-5, 1.5e15],
      hashes: "AAAAAAAA--------",
      links: [],
    };
    const inputs: BuildInputs = {
      noCache: false,
      isIncomplete: false,
      stages: [],
      steps: [],
      options: [],
      bases: [],
      folders: [{ name: "", files }],
    };
    const [saved, none, damaged, uneven] = [1, 2, 3, 4].map((minute) => record(minute).id);
    assert.ok(saved && none && damaged && uneven);
    await store.saveInputs(saved, inputs);
    assert.deepEqual(await store.readInputs(saved), { version: 1, ...inputs });
    assert.equal(await store.readInputs(none), undefined);
    assert.deepEqual(logged, []);
    writeFileSync(join(folder, `${damaged}.inputs.gz`), gzipSync("{"));
    await store.saveInputs(uneven, { ...inputs, folders: [{ name: "", files: { ...files, sizes: [1] } }] });
    for (const id of [damaged, uneven]) assert.equal(await store.readInputs(id), undefined);
    assert.equal(logged.length, 2, logged.join("\n"));
    for (const id of [saved, damaged, uneven]) await store.remove(id);
    assert.deepEqual(readdirSync(folder), []);
  });

  it("has one salt for all windows of a workspace, which only its user can read", async () => {
    const windows = Array.from({ length: 5 }, () => new HistoryStore(folder, recordingOperation().log));
    const salts = new Set(await Promise.all(windows.map((window) => window.salt())));
    assert.equal(salts.size, 1);
    assert.match([...salts][0] ?? "", /^[0-9a-f]{48}$/);
    if (process.platform !== "win32") assert.equal(statSync(join(folder, "salt")).mode & 0o777, 0o600);
    writeFileSync(join(folder, "salt"), "");
    await assert.rejects(store.salt(), /is damaged/);
  });

  it("deletes the reports of the oldest builds, as their logs, beyond the limit of all files", async () => {
    const builds = Array.from({ length: 4 }, (_, i) => record(i));
    for (const build of builds) {
      await store.save(build);
      writeFileSync(join(folder, `${build.id}.report.gz`), Buffer.alloc(8000));
    }
    const left = join(folder, `${record(9).id}.report.gz`);
    writeFileSync(left, "of a build that was deleted");
    utimesSync(left, 0, 0);
    await store.prune();
    const reports = readdirSync(folder).filter((name) => name.endsWith(".report.gz"));
    assert.deepEqual(
      reports.sort(),
      builds.slice(2).map(({ id }) => `${id}.report.gz`),
    );
  });

  it("has the log of a build that ended, that runs, and that was interrupted", async () => {
    const { id } = record(1);
    const text = new LogText();
    const writer = new LogWriter(folder, id, text, fail);
    text.append("one");
    writer.changed();
    text.append("two");
    assert.equal(await writer.end(), true);
    assert.equal(await store.readLog(id), "one\ntwo\n");
    assert.deepEqual(readdirSync(folder), [`${id}.log.gz`]);
    writer.changed();
    // A later writer's lines are written after anything that is still pending.
    const next = new LogWriter(folder, record(3).id, text, fail);
    await until(() => readdirSync(folder).some((name) => name.endsWith(".log")), "the next log is written");
    next.endNow();
    assert.ok(!readdirSync(folder).includes(`${id}.log`), "nothing is written after the end");

    const other = record(2).id;
    const cut = new LogWriter(folder, other, text, fail);
    cut.endNow();
    assert.equal(await store.readLog(other), "one\ntwo\n");
    if (process.platform !== "win32") assert.equal(statSync(join(folder, `${other}.log`)).mode & 0o777, 0o600);
    assert.ok(readFileSync(join(folder, `${other}.log`), "utf8").endsWith("two\n"));
  });

  it("reports once that a log can't be written, and goes on without it", async () => {
    mkdirSync(join(folder, ".."), { recursive: true });
    writeFileSync(folder, "a file");
    const errors: unknown[] = [];
    const text = new LogText();
    const writer = new LogWriter(folder, record(1).id, text, (error) => errors.push(error));
    text.append("one");
    assert.equal(await writer.end(), false);
    writer.endNow();
    assert.equal(errors.length, 1);
    assert.equal(text.toString(), "one\n");
  });
});
