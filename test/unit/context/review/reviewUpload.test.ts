import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { BuildContext } from "../../../../src/core/context/files/buildContext";
import type { ReviewOptions } from "../../../../src/core/context/review/upload";
import { reviewUpload, type ReviewedUpload } from "../../../../src/core/context/review/reviewUpload";
import type { UploadReport } from "../../../../src/core/context/review/uploadReport";
import type { Upload } from "../../../../src/core/context/review/upload";
import { requestedPaths } from "../../../../src/core/worker/requestedPaths";
import { removeTemporaryFolders, temporaryFolder } from "../../../support/folder";
import { noise, pem, secretTexts } from "./secrets";

const token = `ghp_${noise(36)}`;
const copiesAll = "FROM scratch\nCOPY . /\n";

/** What a build of a folder with its Dockerfile in it is about to send. */
function uploadOf(root: string, options: Partial<Upload> & { readonly file?: string } = {}): ReviewedUpload {
  const file = options.file ?? join(root, "Dockerfile");
  const bytes = readFileSync(file);
  const text = bytes.toString();
  const context = options.context ?? new BuildContext({ root, dockerfile: file, builder: options.builder });
  const isRequested = options.builder === "classic" ? () => true : requestedPaths(text, {}, root);
  return {
    entries: context.entries({ builder: options.builder }),
    root,
    dockerfile: { file, bytes },
    isRequested: options.isRequested ?? isRequested,
  };
}

async function review(
  files: Readonly<Record<string, string | Buffer>>,
  options?: ReviewOptions & Partial<Upload>,
): Promise<UploadReport> {
  return reviewUpload(uploadOf(temporaryFolder({ Dockerfile: copiesAll, ...files }), options), options);
}

/** `path:line what`, without the line where only the name told. */
function told({ secrets }: UploadReport): string[] {
  return secrets.map(({ path, line, what }) => `${path}${line === undefined ? "" : `:${line}`} ${what}`);
}

describe("the review of an upload", () => {
  after(removeTemporaryFolders);

  const secrets: readonly {
    readonly truth: string;
    readonly files: Readonly<Record<string, string | Buffer>>;
    readonly told: readonly string[];
  }[] = [
    {
      truth: "tells secrets by their names",
      files: { ".env": "DEBUG=1\n", "deploy/id_rsa": "?", "a/.netrc": "x" },
      told: [".env environment variables", "a/.netrc passwords", "deploy/id_rsa SSH keys"],
    },
    {
      truth: "tells secrets by their content, with the line",
      files: { "src/app.py": `# 1\n\nt = "${token}"\n` },
      told: ["src/app.py:3 a GitHub token"],
    },
    {
      truth: "tells the content where name and content speak",
      files: { ".env": `A=1\nT=${token}\n` },
      told: [".env:2 a GitHub token"],
    },
    {
      truth: "tells each kind in a file",
      files: { ".env": `T=${token}\n${pem("PRIVATE KEY")}` },
      told: [".env:1 a GitHub token", ".env:2 a private key"],
    },
    {
      truth: "tells a secret in the Dockerfile",
      files: { Dockerfile: `FROM scratch\nENV TOKEN=${token}\n` },
      told: ["Dockerfile:2 a GitHub token"],
    },
    {
      truth: "tells a secret in the ignore file",
      files: { ".dockerignore": `# ${token}\n` },
      told: [".dockerignore:1 a GitHub token"],
    },
    {
      truth: "tells text in UTF-16 as Windows writes it",
      files: { "token.txt": Buffer.from(`\ufeff${token}\r\n`, "utf16le") },
      told: ["token.txt:1 a GitHub token"],
    },
    {
      truth: "tells private keys under names for keys",
      files: { "server.pem": pem("CERTIFICATE") + pem("PRIVATE KEY") },
      told: ["server.pem:6 a private key"],
    },
    {
      truth: "has nothing against public halves under names for keys",
      files: { "server.pem": pem("CERTIFICATE"), "jwt.key": pem("PUBLIC KEY"), "id_rsa.pub": "ssh-rsa x" },
      told: [],
    },
    { truth: "has nothing against empty files", files: { ".env": "", id_rsa: "" }, told: [] },
    {
      truth: "has nothing against samples",
      files: { ".env.example": `T=${token}`, "config.sample": token, "app.test.ts": token, "test_it.py": token },
      told: [],
    },
    {
      truth: "has nothing against what tests and packages bring",
      files: {
        "tests/key.pem": pem("PRIVATE KEY"),
        "a/fixtures/.env": token,
        "node_modules/x/.npmrc": token,
        "docs/use.md": token,
      },
      told: [],
    },
    {
      truth: "does not look into binary files",
      files: { "app.dat": Buffer.from(`\0\0${token}`), "photo.png": token },
      told: [],
    },
    { truth: "has nothing against Dockerfile and ignore file as such", files: { ".dockerignore": ".env\n" }, told: [] },
    {
      truth: "leaves out what the ignore file keeps out",
      files: { ".dockerignore": "**/.env\nsrc\n", ".env": "A=1", "a/.env": "A=1", "src/x": token },
      told: [],
    },
    {
      truth: "leaves out what the Dockerfile does not copy",
      files: { Dockerfile: "FROM scratch\nCOPY app /app\n", ".env": "A=1", "app/x": "1" },
      told: [],
    },
    {
      truth: "tells what the Dockerfile copies",
      files: { Dockerfile: "FROM scratch\nCOPY app /app\n", "app/.env": "A=1" },
      told: ["app/.env environment variables"],
    },
    {
      truth: "tells what a mount shows",
      files: { Dockerfile: "FROM a\nRUN --mount=type=bind,target=/src true\n", ".env": "A=1" },
      told: [".env environment variables"],
    },
    {
      truth: "takes everything for copied where another frontend decides",
      files: { Dockerfile: "# syntax=example.com/other\nFROM scratch\n", ".env": "A=1" },
      told: [".env environment variables"],
    },
    {
      truth: "takes everything for copied where a variable hides what is",
      files: { Dockerfile: "ARG X\nFROM scratch\nARG X\nCOPY $X /\n", ".env": "A=1" },
      told: [".env environment variables"],
    },
  ];
  for (const { truth, files, told: expected } of secrets)
    it(truth, async () => assert.deepEqual(told(await review(files)), expected));

  it("takes everything for sent where the classic builder does", async () => {
    const report = await review({ Dockerfile: "FROM scratch\n", ".env": "A=1" }, { builder: "classic" });
    assert.deepEqual(told(report), [".env environment variables"]);
  });

  it("never holds the secret", async () => {
    for (const { text } of secretTexts) {
      const report = await review({ ".env": text });
      assert.equal(report.secrets.length, 1);
      const told = JSON.stringify({ ...report, secrets: report.secrets.map(({ file: _, ...rest }) => rest) });
      for (const word of text.match(/[\w+/-]{12,}/g) ?? []) assert.ok(!told.includes(word), word);
    }
  });

  it("follows no link, and waits for no pipe", async () => {
    const outside = temporaryFolder({ key: pem("PRIVATE KEY") });
    const root = temporaryFolder({ Dockerfile: copiesAll });
    symlinkSync(join(outside, "key"), join(root, "key"));
    symlinkSync(outside, join(root, "folder"));
    execFileSync("mkfifo", [join(root, ".env")]);
    const report = await reviewUpload(uploadOf(root));
    assert.deepEqual([told(report), report.unread], [[], 0]);
  });

  it("counts added files, and what they take the place of not", async () => {
    const root = temporaryFolder({ Dockerfile: copiesAll, "a.txt": token, "b.txt": "12345" });
    const context = new BuildContext({ root });
    context.addFile({ content: "harmless" }, "a.txt");
    context.addFile({ content: `x\n${token}` }, "added/t.txt");
    const report = await reviewUpload(uploadOf(root, { context }));
    assert.deepEqual(told(report), ["added/t.txt:2 a GitHub token"]);
    assert.deepEqual([report.files, report.bytes], [4, copiesAll.length + 5 + 8 + 2 + token.length]);
  });

  it("tells a Dockerfile from outside by its whole path", async () => {
    const root = temporaryFolder({ "x.txt": "x" });
    const file = join(temporaryFolder({ "tests/Dockerfile": `FROM scratch\nENV T=${token}\n` }), "tests/Dockerfile");
    assert.deepEqual(told(await reviewUpload(uploadOf(root, { file }))), [`${file}:2 a GitHub token`]);
  });

  it("looks into likely files first, and says what it left unread", async () => {
    const others = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`a${i}.bulk`, token]));
    const files = { ...others, "z.env": "A=1", "z.yaml": `t: ${token}`, "y.py": token };
    const report = await review(files, { budget: { files: 4, bytes: 1e6, fileBytes: 1e4, ms: 60_000 } });
    assert.deepEqual(told(report), ["y.py:1 a GitHub token", "z.yaml:1 a GitHub token"]);
    assert.equal(report.unread, 20);
  });

  it("reads no large file, and still tells it by its name", async () => {
    const large = `${"x".repeat(20_000)}\n${token}`;
    const report = await review(
      { "large.txt": large, id_rsa: large },
      { budget: { files: 100, bytes: 1e6, fileBytes: 10_000, ms: 60_000 } },
    );
    assert.deepEqual([told(report), report.unread], [["id_rsa SSH keys"], 2]);
  });

  it("stops when it is cancelled", async () => {
    const files = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`f${i}.txt`, "x".repeat(100_000)]));
    await assert.rejects(review(files, { signal: AbortSignal.abort(new Error("enough")) }), /enough/);
  });

  it("tells a broken ignore file as the build would", async () => {
    await assert.rejects(review({ ".dockerignore": "[\n" }), /Line 1 of the ignore file/);
  });

  describe("tells the size", () => {
    const sizes: readonly {
      readonly truth: string;
      readonly files: Readonly<Record<string, number>>;
      readonly largest: readonly string[];
    }[] = [
      {
        truth: "with the largest parts first",
        files: { "a/x": 100, "a/y": 100, "b/x": 300, c: 250 },
        largest: ["b/x 300", "c 250", "a/ 200"],
      },
      {
        truth: "with no part within another",
        files: { "data/raw/1": 500, "data/raw/2": 500, "data/cooked/1": 20, src: 30 },
        largest: ["data/raw/ 1000", "src 30"],
      },
      {
        truth: "with the folder where no part makes up most of it",
        files: { "data/raw/1": 500, "data/cooked/1": 500 },
        largest: ["data/ 1000"],
      },
      { truth: "with one deep file by itself", files: { "a/b/c/d": 1000, "a/x": 1 }, largest: ["a/b/c/d 1000"] },
      {
        truth: "for names that continue one another",
        files: { "a/x": 100, "a-b/x": 200, "a.b": 300 },
        largest: ["a.b 300", "a-b/x 200", "a/x 100"],
      },
      {
        truth: "with five parts at most, none of them small",
        files: { a: 900, b: 800, c: 700, d: 600, e: 500, f: 400, g: 1 },
        largest: ["a 900", "b 800", "c 700", "d 600", "e 500"],
      },
    ];
    for (const { truth, files, largest } of sizes) {
      it(truth, async () => {
        const root = temporaryFolder(
          Object.fromEntries(Object.entries(files).map(([path, size]) => [path, "x".repeat(size)])),
        );
        const file = join(temporaryFolder({ Dockerfile: copiesAll }), "Dockerfile");
        const report = await reviewUpload(uploadOf(root, { file }));
        assert.deepEqual(
          report.largest.map(({ path, isFolder, bytes }) => `${path}${isFolder ? "/" : ""} ${bytes}`),
          largest,
        );
        assert.equal(report.files, Object.keys(files).length);
        assert.equal(
          report.bytes,
          Object.values(files).reduce((sum, size) => sum + size, 0),
        );
      });
    }
  });
});
