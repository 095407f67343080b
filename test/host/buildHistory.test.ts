import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { ImageBuilderError, messageOf } from "../../src/core/base/errors";
import { Builds } from "../../src/vscode/builds/builds";
import { BuildHistory } from "../../src/vscode/builds/history/buildHistory";
import type { BuildAnswers } from "../../src/vscode/platform/memory";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { recordingOperation } from "../support/operation";
import { until } from "../support/until";

const digest = `sha256:${"1".repeat(64)}`;
const answers: BuildAnswers = {
  folder: "/work/web",
  dockerfile: "/work/web/Dockerfile",
  imageName: "web",
  builder: "local",
  registry: "plain",
  options: { target: "base", buildArgs: { VERSION: "1.2" } },
};

/** The builds of one window. */
interface Window {
  readonly builds: Builds;
  readonly history: BuildHistory;
  readonly logged: readonly string[];
}

describe("the build history", () => {
  const windows: Window[] = [];
  let folder: string;

  /** A window of the same workspace, as after a reload. */
  function open(): Window {
    const { log, logged } = recordingOperation();
    const history = new BuildHistory(folder, log);
    const window = { history, builds: new Builds(history), logged };
    windows.push(window);
    return window;
  }

  async function stored(state: string): Promise<void> {
    await until(
      () =>
        readdirSync(folder).some(
          (name) => name.endsWith(".json") && readFileSync(join(folder, name), "utf8").includes(`"state":"${state}"`),
        ),
      `a build is stored as ${state}`,
    );
  }

  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => {
    for (const { builds } of windows.splice(0)) builds.dispose();
  });
  after(removeTemporaryFolders);

  it("has a build of an earlier window with its result, its answers, and its log", async () => {
    const { builds, history } = open();
    const build = builds.start(["example.com/web:1", "example.com/web:latest"], answers);
    build.log?.append("#1 first step");
    history.logged(build);
    build.become({
      kind: "done",
      outcome: {
        imageName: "example.com/web:1",
        repoDigest: `example.com/web@${digest}`,
        sizeBytes: 12,
        durationMs: 34,
      },
    });
    await until(() => build.log === undefined, "the log is stored");
    const later = open();
    const [found, ...more] = await later.builds.load();
    assert.equal(more.length, 0);
    assert.deepEqual(
      [found?.id, found?.imageNames, found?.answers, found?.isOwn, found?.repoDigest, found?.durationMs],
      [build.id, build.imageNames, answers, false, `example.com/web@${digest}`, 34],
    );
    assert.equal(found?.endedAt?.getTime(), build.endedAt?.getTime());
    assert.equal(found && (await later.history.logOf(found)), "#1 first step\n");
  });

  it("has why and where a build failed, and whether it can be pushed again", async () => {
    const { builds } = open();
    const build = builds.start(["example.com/web:1"], answers);
    build.builtImageId = digest;
    const location = { file: "/work/web/Dockerfile", line: 3 };
    build.become({ kind: "failed", error: new ImageBuilderError("pushFailed", "Can't push.", { location }) });
    await stored("failed");
    const [found] = await open().builds.load();
    const error = found?.state.kind === "failed" ? found.state.error : undefined;
    assert.ok(ImageBuilderError.is(error, "pushFailed"));
    assert.deepEqual([messageOf(error), error.location, found?.canPushAgain], ["Can't push.", location, true]);
  });

  it("calls a build interrupted whose window was closed, and keeps its log so far", async () => {
    const first = open();
    const build = first.builds.start(["web:1"], answers);
    build.log?.append("#1 begun");
    await stored("running");
    first.builds.dispose();
    assert.ok(build.signal.aborted);
    // The job notices it later; the window has ended by then.
    build.become({ kind: "cancelled" });
    const later = open();
    const [found] = await later.builds.load();
    assert.equal(found?.state.kind, "interrupted");
    assert.equal(await later.history.logOf(found), "#1 begun\n");
    assert.deepEqual(first.logged, []);
  });

  it("shows the builds of another window of the workspace as they run and end", async () => {
    const [one, two] = [open(), open()];
    assert.deepEqual(await two.builds.load(), []);
    const build = one.builds.start(["web:1"], answers);
    await until(() => two.builds.list[0]?.state.kind === "running", "it is shown as running");
    assert.deepEqual([two.builds.list[0]?.isOwn, two.builds.running], [false, []]);
    build.become({ kind: "cancelled" });
    await until(() => two.builds.list[0]?.state.kind === "cancelled", "it is shown as canceled");
    await two.builds.remove(two.builds.list);
    await one.builds.load();
    assert.deepEqual(two.builds.list, []);
  });

  it("keeps the rows of the list when nothing but its own files has changed", async () => {
    const [one, two] = [open(), open()];
    one.builds.start(["web:1"], answers);
    await stored("running");
    const [known] = await two.builds.load();
    const fired: unknown[] = [];
    two.builds.onDidChange((changed) => fired.push(changed));
    let loads = 0;
    const { load } = two.history;
    two.history.load = () => load.call(two.history).finally(() => loads++);
    const build = two.builds.start(["other:1"], { ...answers, dockerfile: "/work/web/other.Dockerfile" });
    await until(() => loads === 1, "it has noticed the file of its own build");
    build.become({ kind: "cancelled" });
    await until(() => loads === 2, "it has noticed the change of that file");
    assert.deepEqual(fired, [undefined, build]);
    assert.equal(two.builds.list[1], known);
    one.builds.list[0]?.become({ kind: "cancelled" });
    await until(() => two.builds.list[1]?.state.kind === "cancelled", "it is shown as canceled");
    assert.deepEqual(fired, [undefined, build, undefined]);
  });

  it("writes no secret to disk, and asks for what a rebuild lacks", async () => {
    const secret = "s3cr3t-of-a-person";
    const { builds } = open();
    const build = builds.start(["web:1"], {
      ...answers,
      options: {
        buildArgs: { NPM_TOKEN: secret, HTTPS_PROXY: `http://me:${secret}@proxy:3128`, VERSION: "1.2" },
        buildContexts: { app: `https://me:${secret}@host.example/app.git` },
      },
    });
    build.become({ kind: "cancelled" });
    await until(() => build.log === undefined, "it is stored");
    const files = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
    assert.equal(files.length, 2);
    for (const bytes of files) {
      const text = (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString("utf8");
      assert.ok(!text.includes(secret), text);
    }
    const [found] = await open().builds.load();
    assert.deepEqual(found?.omittedArgs, ["NPM_TOKEN"]);
    assert.equal(found?.answers.options.buildArgs?.["VERSION"], "1.2");
    assert.equal(build.answers.options.buildArgs?.["NPM_TOKEN"], secret, "the window itself still has it");
  });

  it("loads nothing, and creates no folder, before it is used", async () => {
    folder = join(folder, "none");
    const { builds } = open();
    assert.deepEqual(builds.list, []);
    assert.throws(() => readdirSync(folder), { code: "ENOENT" });
  });
});
