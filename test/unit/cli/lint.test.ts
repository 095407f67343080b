import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCli, runCliJson } from "../../support/cli";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import type { Found, Sarif } from "./lintResults";

const mark = "\ufeff";

describe("the command lint", () => {
  after(removeTemporaryFolders);

  const lint = (files: readonly string[], cwd: string) => runCliJson<Found[]>(["lint", ...files], { cwd });

  it("finds nothing in files that are right, and exits with 0", async () => {
    const cwd = temporaryFolder({
      ".dockerignore": "node_modules\n",
      Dockerfile: "FROM scratch\nCOPY src /\n",
      "src/a": "",
      "node_modules/m": "",
    });
    assert.deepEqual(await lint([".dockerignore", "Dockerfile"], cwd), {
      stdout: "[]\n",
      stderr: "",
      code: 0,
      result: [],
    });
    assert.deepEqual(await runCli(["lint", "Dockerfile"], { cwd }), { stdout: "No findings.\n", stderr: "", code: 0 });
    assert.deepEqual(await runCli(["lint", "Dockerfile", "--github"], { cwd }), { stdout: "", stderr: "", code: 0 });
  });

  it("exits with 1 for an error and with 0 for less", async () => {
    const cwd = temporaryFolder({
      "a/.dockerignore": "src\n",
      "a/Dockerfile": "FROM scratch\nCOPY src /\n",
      "a/src/x": "",
      "b/.dockerignore": "x\nx\n",
      "b/x": "",
    });
    const error = await lint(["a/Dockerfile"], cwd);
    assert.deepEqual(
      error.result.map(({ file, code, severity, range }) => ({ file, code, severity, range })),
      [
        {
          file: "a/Dockerfile",
          code: "copy-source-excluded",
          severity: "error",
          range: { start: { line: 1, character: 5 }, end: { line: 1, character: 8 } },
        },
      ],
    );
    assert.equal(error.code, 1);
    const hint = await lint(["b/.dockerignore"], cwd);
    assert.deepEqual(
      [hint.code, hint.result.map(({ code, severity }) => [code, severity])],
      [0, [["duplicate-line", "hint"]]],
    );
  });

  for (const [kind, lineEnd, begin] of [
    ["line feeds", "\n", ""],
    ["carriage returns", "\r\n", ""],
    ["a byte order mark", "\n", mark],
    ["both", "\r\n", mark],
  ] as const) {
    it(`gives the whole file after each fix, with ${kind} kept, and what is fixed is found no more`, async () => {
      const lines = ["data", "logs", "data", "!docs", "*.log", ""];
      const text = begin + lines.join(lineEnd);
      const cwd = temporaryFolder({ ".dockerignore": text, "data/x": "", "logs/x": "", "docs/x": "", "a.log": "" });
      const { result } = await lint([".dockerignore"], cwd);
      const duplicate = result.find(({ code }) => code === "duplicate-line");
      assert.deepEqual(duplicate?.range, { start: { line: 2, character: 0 }, end: { line: 2, character: 4 } });
      assert.deepEqual(duplicate?.fixes, [
        {
          title: "Delete line 3: the same files are sent",
          text: begin + ["data", "logs", "!docs", "*.log", ""].join(lineEnd),
        },
      ]);
      for (const { code, range, fixes } of result) {
        for (const fix of fixes) {
          assert.ok(fix.text.startsWith(begin) && !fix.text.slice(begin.length).includes(mark), fix.title);
          assert.equal(/(?<!\r)\n/.test(fix.text), lineEnd === "\n", fix.title);
          writeFileSync(join(cwd, ".dockerignore"), fix.text);
          const after = await lint([".dockerignore"], cwd);
          assert.ok(
            !after.result.some(
              (each) =>
                each.code === code &&
                each.range.start.line === range.start.line &&
                each.message === result.find((one) => one.range === range)?.message,
            ),
            fix.title,
          );
        }
      }
    });
  }

  it("counts places in the first line without the byte order mark, and fixes that line", async () => {
    const cwd = temporaryFolder({
      ".dockerignore": `${mark}node_modules\r\n`,
      "pkg/node_modules/x": "",
      "node_modules/x": "",
    });
    const { result } = await lint([".dockerignore"], cwd);
    const { range, fixes } =
      result.find(({ code }) => code === "matches-only-at-root") ?? assert.fail(JSON.stringify(result));
    assert.deepEqual(range, { start: { line: 0, character: 0 }, end: { line: 0, character: 12 } });
    assert.ok(
      fixes.some(({ text }) => text === `${mark}**/node_modules\r\n`),
      JSON.stringify(fixes),
    );
  });

  it("says of a Dockerfile's fix which other file its text is", async () => {
    const cwd = temporaryFolder({
      ".dockerignore": "src\r\nnode_modules\r\n",
      Dockerfile: "FROM scratch\nCOPY src /\n",
      "src/x": "",
      "node_modules/x": "",
    });
    const { result } = await lint([join(cwd, "Dockerfile")], "/");
    assert.equal(result[0]?.file, join(cwd, "Dockerfile"));
    assert.deepEqual(
      result[0]?.fixes.map(({ file, text }) => ({ file, text })),
      [
        { file: join(cwd, ".dockerignore"), text: "node_modules\r\n" },
        { file: join(cwd, ".dockerignore"), text: "src\r\nnode_modules\r\n!src\r\n" },
        { file: join(cwd, ".dockerignore"), text: "src\r\n!src\r\nnode_modules\r\n" },
      ],
    );
  });

  it("takes another folder for the context of files that lie elsewhere", async () => {
    const cwd = temporaryFolder({
      "docker/web.Dockerfile": "FROM scratch\nCOPY app/src /\nCOPY app/lib /\n",
      "docker/web.Dockerfile.dockerignore": "app/src\n",
      "ctx/app/src/x": "",
      "ctx/app/lib/x": "",
    });
    const { result, code } = await lint(["docker/web.Dockerfile", "--context", "ctx"], cwd);
    assert.deepEqual(
      [code, result.map(({ file, code: kind, range }) => [file, kind, range.start.line])],
      [1, [["docker/web.Dockerfile", "copy-source-excluded", 1]]],
    );
    assert.equal(result[0]?.fixes.at(-1)?.file, "docker/web.Dockerfile.dockerignore");
    const alone = await lint(["docker/web.Dockerfile"], cwd);
    assert.deepEqual(alone.result, []);
  });

  it("keeps the order of the files, and says once what two of them lead to", async () => {
    const cwd = temporaryFolder({
      ".dockerignore": "src\nsrc\n",
      Dockerfile: "FROM scratch\nCOPY src /\n",
      "src/x": "",
    });
    const order = async (files: readonly string[]) =>
      (await lint(files, cwd)).result.map(({ file, code }) => `${file} ${code}`);
    assert.deepEqual(await order([".dockerignore", "Dockerfile"]), [
      ".dockerignore duplicate-line",
      "Dockerfile copy-source-excluded",
    ]);
    assert.deepEqual(await order(["./Dockerfile", "./.dockerignore"]), [
      "./Dockerfile copy-source-excluded",
      "./.dockerignore duplicate-line",
    ]);
  });

  it("prints a SARIF log with places from 1 and relative addresses", async () => {
    const cwd = temporaryFolder({
      "my app/ü#.Dockerfile": "FROM scratch\nCOPY src /\n",
      "my app/.dockerignore": `${mark}src\nsrc\n`,
      "my app/src/x": "",
    });
    const { stdout, code } = await runCli(["lint", "my app/ü#.Dockerfile", "my app/.dockerignore", "--sarif"], { cwd });
    const log = JSON.parse(stdout) as Sarif;
    const [run] = log.runs;
    assert.deepEqual([code, log.version], [1, "2.1.0"]);
    assert.deepEqual(
      run.results.map(({ ruleId, level, locations: [{ physicalLocation }] }) => ({
        ruleId,
        level,
        ...physicalLocation,
      })),
      [
        {
          ruleId: "copy-source-excluded",
          level: "error",
          artifactLocation: { uri: "my%20app/%C3%BC%23.Dockerfile", uriBaseId: "%SRCROOT%" },
          region: { startLine: 2, startColumn: 6, endLine: 2, endColumn: 9 },
        },
        {
          ruleId: "duplicate-line",
          level: "note",
          artifactLocation: { uri: "my%20app/.dockerignore", uriBaseId: "%SRCROOT%" },
          region: { startLine: 2, startColumn: 1, endLine: 2, endColumn: 4 },
        },
      ],
    );
    for (const { ruleId, ruleIndex } of run.results) assert.equal(run.tool.driver.rules[ruleIndex]?.id, ruleId);
    const [replacement] = run.results[1]?.fixes?.[0]?.artifactChanges[0]?.replacements ?? [];
    assert.deepEqual(replacement, {
      deletedRegion: { charOffset: 0, charLength: 8 },
      insertedContent: { text: "src\n" },
    });
  });

  it("prints workflow commands with what would end them escaped", async () => {
    const cwd = temporaryFolder({
      "a,b:c%/Dockerfile": "FROM scratch\nCOPY 100% /\n",
      "a,b:c%/.dockerignore": "100%\n",
      "a,b:c%/100%": "",
    });
    const { stdout, code } = await runCli(["lint", "a,b:c%/Dockerfile", "--github"], { cwd });
    assert.equal(code, 1);
    assert.equal(
      stdout,
      "::error file=a%2Cb%3Ac%25/Dockerfile,line=2,col=6,endLine=2::This COPY fails: " +
        'line 1 of .dockerignore ("100%25") excludes "100%25" from the build context. (copy-source-excluded)\n',
    );
  });

  it("names a file for people so that no workflow takes its name for a command", async () => {
    const cwd = temporaryFolder({
      "::error::x/Dockerfile": "FROM scratch\nCOPY src /\n",
      "::error::x/.dockerignore": "src\n",
      "::error::x/src": "",
    });
    const { stdout } = await runCli(["lint", "::error::x/Dockerfile"], { cwd });
    assert.match(stdout, /^\|::error::x\/Dockerfile:2:6 /);
  });

  it("names its findings for people, with places from 1, fixes and counts", async () => {
    const cwd = temporaryFolder({
      ".dockerignore": "src\nsrc\n",
      Dockerfile: "FROM scratch\nCOPY src /\n",
      "src/x": "",
    });
    const { stdout } = await runCli(["lint", "Dockerfile", ".dockerignore"], { cwd });
    const [first, fix] = stdout.split("\n");
    assert.match(first ?? "", /^Dockerfile:2:6 {2}error {2}This COPY fails: .* {2}copy-source-excluded$/);
    assert.match(fix ?? "", /^ {4}fix: /);
    assert.match(stdout, /^1 error, 1 hint\.\n$/m);
  });

  it("tells a folder in the ignore file's place, and a file in UTF-16", async () => {
    const cwd = temporaryFolder({
      Dockerfile: "FROM scratch\n",
      "wide/.dockerignore": Buffer.from(`${mark}src\n`, "utf16le"),
      "wide/x": "",
    });
    mkdirSync(join(cwd, ".dockerignore"));
    const folder = await lint(["Dockerfile"], cwd);
    assert.deepEqual(
      [folder.code, folder.result.map(({ file, code }) => [file, code])],
      [1, [[".dockerignore", "ignore-file-not-a-file"]]],
    );
    const wide = await lint(["wide/.dockerignore"], cwd);
    assert.deepEqual(
      [wide.code, wide.result.map(({ code, fixes, range }) => [code, fixes.length, range.start])],
      [1, [["unreadable-text", 0, { line: 0, character: 0 }]]],
    );
  });

  it("offers no text that would change bytes that are no UTF-8", async () => {
    const cwd = temporaryFolder({ ".dockerignore": Buffer.from("x\nx\n# \xff\n", "latin1"), x: "" });
    const { result } = await lint([".dockerignore"], cwd);
    assert.deepEqual(
      result.map(({ code, fixes }) => [code, fixes.length]),
      [["duplicate-line", 0]],
    );
  });

  it("does not change a file", async () => {
    const cwd = temporaryFolder({ ".dockerignore": "x\nx\n", x: "" });
    await lint([".dockerignore"], cwd);
    assert.equal(readFileSync(join(cwd, ".dockerignore"), "utf8"), "x\nx\n");
  });

  it("names a file that is not there or is a folder, with the core's code", async () => {
    const cwd = temporaryFolder({ "folder/x": "", "a.dockerignore": "" });
    const failure = async (...args: string[]) => {
      const { result, code } = await runCliJson<{ error: { code: string } }>(["lint", ...args], { cwd });
      return [code, result.error.code];
    };
    assert.deepEqual(await failure("none.dockerignore"), [1, "dockerignoreInvalid"]);
    assert.deepEqual(await failure("a.dockerignore", "Dockerfile"), [1, "dockerfileMissing"]);
    assert.deepEqual(await failure("folder"), [1, "dockerfileMissing"]);
    assert.deepEqual(await failure("a.dockerignore", "--context", "none"), [1, "contextUnreadable"]);
  });
});
