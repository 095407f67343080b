import assert from "node:assert/strict";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { Evaluator } from "../../../../src/core/context/evaluation/evaluator";
import { readPathTree } from "../../../../src/core/context/tree/readPathTree";
import { ignoreFilePlace } from "../../../../src/core/context/lint/state/ignoreFilePlace";
import { lint } from "../../../../src/core/context/lint/lint";
import { rules } from "../../../../src/core/context/lint/rules";
import { applyEdits } from "../../../../src/core/context/lint/state/textEdits";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../../../support/folder";
import { seededRandom } from "../support";
import { findingOf, findingsOf, lintSetting, treeOf } from "./support";

after(removeTemporaryFolders);

describe("linting an ignore file", () => {
  it("each rule has its own code, an explanation in sentences and a page of Docker's documentation", () => {
    assert.equal(new Set(rules.map(({ code }) => code)).size, 25);
    assert.equal(rules.length, 25);
    for (const { code, explanation, docsUrl } of rules) {
      assert.match(code, /^[a-z]+(-[a-z]+)*$/);
      assert.match(explanation, /^[A-Z].*\.$/);
      assert.equal(new URL(docsUrl).host, "docs.docker.com");
    }
  });

  it("an empty file, a missing file without a tree and a file of comments have no findings", async () => {
    assert.deepEqual(await lintSetting({ text: "" }), []);
    assert.deepEqual(await lintSetting({}), []);
    assert.deepEqual(await lintSetting({ text: "# a\n\n# b\n", files: ["a", "b"] }), []);
  });

  it("findings come in the order of their places, the Dockerfile's last", async () => {
    const findings = await lintSetting({
      text: "src\nsrc\n.\n",
      files: ["src/a", "Dockerfile"],
      dockerfiles: { Dockerfile: "FROM a\nCOPY src /\n" },
    });
    assert.deepEqual(
      findings.map(({ code, file, range }) => `${file}:${range.line} ${code}`),
      [".dockerignore:2 duplicate-line", ".dockerignore:3 never-matches", "Dockerfile:2 copy-source-excluded"],
    );
  });

  it("a comment above a line silences what it names, and only that", async () => {
    const files = ["src/a", "Dockerfile"];
    const codes = async (text: string) => (await lintSetting({ text, files })).map(({ code }) => code);
    assert.deepEqual(await codes("src\n# image-builders-ignore: duplicate-line\nsrc\n"), []);
    assert.deepEqual(await codes("src\n# image-builders-ignore: never-matches, duplicate-line\n# because\nsrc\n"), []);
    assert.deepEqual(await codes("src\n# image-builders-ignore: never-matches\nsrc\n"), ["duplicate-line"]);
    assert.deepEqual(await codes("src\n# image-builders-ignore: duplicate-line\n\nsrc\n"), ["duplicate-line"]);
    assert.deepEqual(await codes("src\n# image-builders-ignore: duplicate-line\n*.md\nsrc\n"), ["duplicate-line"]);
  });

  it("a comment at the beginning silences what concerns the whole file", async () => {
    const files = ["a", ".env", "Dockerfile"];
    assert.equal((await findingsOf("secret-sent", { text: "# hello\na\n", files })).length, 1);
    assert.equal(
      (await findingsOf("secret-sent", { text: "# hello\n# image-builders-ignore: secret-sent\na\n", files })).length,
      0,
    );
  });

  it("severities can be set, and a code be switched off", async () => {
    const setting = { text: "src\nsrc\n", files: ["src/a"] };
    assert.equal(
      (await findingOf("duplicate-line", { ...setting, severities: { "duplicate-line": "error" } })).severity,
      "error",
    );
    assert.deepEqual(await findingsOf("duplicate-line", { ...setting, severities: { "duplicate-line": "off" } }), []);
  });

  it("UTF-16 is the only thing to tell of a file in UTF-16", async () => {
    for (const bytes of [Buffer.from("\ufeffsrc\n", "utf16le"), Buffer.from("\ufeffsrc\n", "utf16le").swap16()]) {
      const findings = await lint(bytes, { builder: "buildkit", evaluator: new Evaluator(treeOf(["src/a"])) });
      assert.deepEqual(
        findings.map(({ code }) => code),
        ["unreadable-text"],
      );
      assert.match(findings[0]?.message ?? "", /UTF-16/);
    }
  });

  it("a line that is not UTF-8 is told by its number", async () => {
    const [finding] = await lint(Buffer.concat([Buffer.from("a\nb"), Buffer.from([0xff, 10])]), {
      builder: "buildkit",
    });
    assert.deepEqual([finding?.code, finding?.range.line], ["unreadable-text", 2]);
    assert.match(finding?.message ?? "", /not UTF-8/);
  });

  it("an aborted signal stops it with the signal's reason", async () => {
    const reason = new Error("the text moved on");
    const setting = { text: "src\n*.md\n", files: ["src/a"] };
    await assert.rejects(lintSetting({ ...setting, signal: AbortSignal.abort(reason) }), reason);
    const controller = new AbortController();
    const large = Array.from({ length: 40_000 }, (_, i) => `d${i % 200}/f${i}.md`);
    const running = lintSetting({ text: "*.md\nd1\n!d1/f1.md\n", files: large, signal: controller.signal });
    setImmediate(() => controller.abort(reason));
    await assert.rejects(running, reason);
  });

  it("begins again when the tree changes meanwhile", async () => {
    const tree = treeOf([...Array.from({ length: 40_000 }, (_, i) => `d${i % 200}/f${i}`), "x"]);
    const running = lint("y.sql\n", { builder: "buildkit", evaluator: new Evaluator(tree) });
    setImmediate(() => tree.add("y.sql", "file", 1));
    assert.deepEqual(
      (await running).map(({ code }) => code),
      [],
    );
  });

  it("sees a real folder, and its fixes fix it", async () => {
    const root = temporaryFolder();
    writeFiles(root, {
      Dockerfile: "FROM scratch\nCOPY app /\n",
      ".dockerignore": "app/\r\nnode_modules",
      "app/a.js": "1",
      "web/node_modules/x/i.js": "22",
    });
    const { tree } = await readPathTree(root);
    const dockerfiles = [{ file: "Dockerfile", text: "FROM scratch\nCOPY app /\nCOPY web /\n" }];
    let text = "app/\r\nnode_modules";
    const seen: string[] = [];
    for (;;) {
      const [finding] = await lint(text, { builder: "buildkit", evaluator: new Evaluator(tree), dockerfiles });
      if (!finding) break;
      seen.push(finding.code);
      const [fix] = finding.fixes;
      assert.ok(fix && (await fix.effect()) && seen.length < 5);
      text = applyEdits(text, fix.edits);
    }
    assert.deepEqual(seen, ["matches-only-at-root", "copy-source-excluded"]);
    assert.equal(text, "**/node_modules");
  });

  it("a fix that does not do what it says is not offered", async () => {
    const copied = await findingOf("copy-source-excluded", {
      builder: "classic",
      text: "src\n",
      files: ["src/lib/a.js"],
      dockerfiles: { Dockerfile: "FROM a\nCOPY src/*/*.js /\n" },
    });
    assert.equal(
      await copied.fixes[0]?.effect(),
      undefined,
      "the classic builder does not look into src for !src/*/*.js",
    );
    assert.ok(await copied.fixes[1]?.effect());
  });

  it("lines that say the same again can go, whatever the list and the tree", async () => {
    const seed = Date.now() % 1_000_000;
    const random = seededRandom(seed);
    const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
    const paths = ["a", "a/b", "b", "**/a", "**/b", "a/b/c", "*", "c", "a/*", "**"];
    const files = ["a/b/c", "a/c", "b/a", "c", "d/a/x", "d/b"];
    let found = 0;
    for (let i = 0; i < 300; i++) {
      const text = Array.from({ length: 5 }, () => (random() < 0.25 ? "!" : "") + pick(paths)).join("\n");
      for (const finding of await findingsOf("duplicate-line", { text, files })) {
        found++;
        assert.ok(
          await finding.fixes[0]?.effect(),
          `seed ${seed}: line ${finding.range.line} of ${JSON.stringify(text)}`,
        );
      }
    }
    assert.ok(found > 50, `seed ${seed}: only ${found} found`);
  });
});

describe("what is in an ignore file's place", () => {
  it("is a folder, a link out, or what builders read", () => {
    const root = temporaryFolder({ ".dockerignore": "a", "sub/list": "b" });
    const outside = temporaryFolder({ list: "c" });
    mkdirSync(join(root, "folder.dockerignore"));
    symlinkSync("sub/list", join(root, "in.dockerignore"));
    symlinkSync(join(outside, "list"), join(root, "out.dockerignore"));
    symlinkSync("nowhere", join(root, "dangling.dockerignore"));
    symlinkSync("sub", join(root, "tofolder.dockerignore"));
    const places = [
      ".dockerignore",
      "folder.dockerignore",
      "in.dockerignore",
      "out.dockerignore",
      "dangling.dockerignore",
      "tofolder.dockerignore",
      "missing",
    ];
    assert.deepEqual(
      places.map((file) => ignoreFilePlace(root, file)),
      [undefined, "folder", undefined, "linkOut", undefined, "folder", undefined],
    );
  });
});
