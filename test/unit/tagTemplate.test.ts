import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ImageBuilderError } from "../../src/core/base/errors";
import { expandTagTemplate, tagVariables } from "../../src/core/jobs/tagTemplate";
import { withEnvironment } from "../support/program";

const known = { folder: "my-app", gitShortSha: "abc1234", gitBranch: "feature-x", date: "2026-02-03" };

describe("a tag template", () => {
  const cases: readonly (readonly [template: string, expanded: string])[] = [
    ["", ""],
    ["app:1", "app:1"],
    ["${folder}:latest", "my-app:latest"],
    ["ghcr.io/team/${folder}:${gitBranch}-${gitShortSha}", "ghcr.io/team/my-app:feature-x-abc1234"],
    ["${folder}:${date}, ${folder}:latest", "my-app:2026-02-03, my-app:latest"],
    ["$folder:$${date}", "$folder:$2026-02-03"],
  ];
  for (const [template, expanded] of cases) {
    it(`makes "${expanded}" of "${template}"`, () => assert.equal(expandTagTemplate(template, known), expanded));
  }

  for (const [template, message] of [
    ["${Folder}", "There is no variable ${Folder}. Use ${folder}, ${gitShortSha}, ${gitBranch}, ${date}."],
    ["${constructor}", "There is no variable ${constructor}. Use ${folder}, ${gitShortSha}, ${gitBranch}, ${date}."],
    ["a:${gitShortSha}", "${gitShortSha} has no value, because the folder has no Git commit. Remove the variable."],
    ["a:${gitBranch}", "${gitBranch} has no value, because the folder is not on a Git branch. Remove the variable."],
  ] as const) {
    it(`refuses "${template}" where it has no value`, () => {
      assert.throws(
        () => expandTagTemplate(template, { folder: "app", date: "2026-02-03" }),
        (error) => ImageBuilderError.is(error, "imageNameInvalid") && error.message === message,
      );
    });
  }
});

describe("the variables of a folder", () => {
  let folder: string;
  const git = (...args: string[]): string =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
      cwd: folder,
      encoding: "utf8",
      stdio: "pipe",
    }).trim();

  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), "tag-")), "My App (é)");
    mkdirSync(folder);
  });
  afterEach(() => rmSync(join(folder, ".."), { recursive: true }));

  it("are its name and the date outside a repository", async () => {
    const variables = await tagVariables(folder, new Date("2026-02-03T23:59:59Z"));
    assert.deepEqual(variables, {
      folder: "my-app-e",
      gitShortSha: undefined,
      gitBranch: undefined,
      date: "2026-02-03",
    });
  });

  it("have no branch before the first commit", async () => {
    git("init", "-q", "-b", "main");
    assert.equal((await tagVariables(folder)).gitBranch, undefined);
  });

  it("hold the commit and the branch, the branch as a tag can hold it", async () => {
    git("init", "-q", "-b", "feature/#7 é".replace(" ", "_"));
    git("commit", "-q", "--allow-empty", "-m", "one");
    const { gitShortSha, gitBranch } = await tagVariables(folder);
    assert.equal(gitShortSha, git("rev-parse", "--short", "HEAD"));
    assert.equal(gitBranch, "feature-7_");
  });

  it("have a commit and no branch while HEAD is detached", async () => {
    git("init", "-q");
    git("commit", "-q", "--allow-empty", "-m", "one");
    git("checkout", "-q", "--detach");
    const { gitShortSha, gitBranch } = await tagVariables(folder);
    assert.match(gitShortSha ?? "", /^[0-9a-f]{7,}$/);
    assert.equal(gitBranch, undefined);
  });

  it("are not those of another repository that Git's variables name", async () => {
    git("init", "-q");
    git("commit", "-q", "--allow-empty", "-m", "one");
    const { gitShortSha } = await tagVariables(folder);
    const other = join(folder, "../other.git");
    git("init", "-q", "--bare", other);
    const variables = { GIT_DIR: other, GIT_WORK_TREE: folder };
    assert.deepEqual((await withEnvironment(variables, () => tagVariables(folder))).gitShortSha, gitShortSha);
    assert.ok(gitShortSha);
  });
});
