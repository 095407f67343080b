import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { readImageModule } from "../../../src/core/image/modules/readImageModule";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { imageModuleRunner } from "../../support/imageModuleRunner";
import { api, leaveBehind, printed } from "./imageModules";

const failures: readonly (readonly [
  title: string,
  file: string,
  files: Readonly<Record<string, string>>,
  message: RegExp,
  place: string,
])[] = [
  [
    "what a method refuses",
    "a.image.mjs",
    { "a.image.mjs": `${api}\nexport default Image.fromDebianBase({ name: "a" })\n  .withWorkdir("app");\n` },
    /^withWorkdir: "app" is not absolute/,
    "a.image.mjs:4:4",
  ],
  [
    "what fails in a file it imports",
    "a.image.ts",
    {
      "a.image.ts": `${api}import "./lib";\nexport default Image.fromDebianBase();\n`,
      "lib.ts": 'const x: number = 1;\nthrow new Error("mine " + x);\n',
    },
    /^mine 1$/,
    "lib.ts:2:7",
  ],
  [
    "what is no JavaScript",
    "a.image.mjs",
    { "a.image.mjs": `${api}const a = ;\n` },
    /^This is not valid JavaScript: Unexpected token ';'\.$/,
    "a.image.mjs:2:11",
  ],
  [
    "what is no JavaScript, behind a tab",
    "a.image.mjs",
    { "a.image.mjs": `${api}\tconst a = ;\r\n` },
    /^This is not valid JavaScript: Unexpected token ';'\.$/,
    "a.image.mjs:2:12",
  ],
  [
    "what ends too early",
    "a.image.mjs",
    { "a.image.mjs": `${api}foo(\n` },
    /^This is not valid JavaScript: Unexpected end of input\.$/,
    "a.image.mjs:3",
  ],
  [
    "what is no TypeScript",
    "a.image.ts",
    { "a.image.ts": `${api}const a: = 3;\n` },
    /^This is not valid TypeScript: /,
    "a.image.ts:2:10",
  ],
  [
    "a name that the API does not have",
    "a.image.mjs",
    { "a.image.mjs": 'import { Imag } from "image-builders";\n' },
    /does not provide an export named 'Imag'/,
    "a.image.mjs:1:10",
  ],
  [
    "an import of what is missing",
    "a.image.mjs",
    { "a.image.mjs": 'import "./gone.mjs";\n' },
    /Cannot find module '.*gone\.mjs'/,
    "a.image.mjs:1",
  ],
  [
    "no image among the exports",
    "a.image.mjs",
    { "a.image.mjs": "export default { baseImage: 'a' };\n" },
    /exports no image\. Write "export default/,
    "a.image.mjs:1",
  ],
  [
    "several images and none by default",
    "a.image.mjs",
    { "a.image.mjs": `${api}export const a = Image.fromBase("a");\nexport const b = Image.fromBase("b");\n` },
    /exports several images but no default/,
    "a.image.mjs:1",
  ],
  [
    "an endless loop",
    "a.image.mjs",
    { "a.image.mjs": "for (;;);\n" },
    /did not finish within 5 seconds/,
    "a.image.mjs:1",
  ],
  [
    "a process that is ended",
    "a.image.mjs",
    { "a.image.mjs": "process.exit(0);\n" },
    /exited and exported no image/,
    "a.image.mjs:1",
  ],
  [
    "a process that is ended, with its last words",
    "a.image.mjs",
    { "a.image.mjs": 'console.error("one\\nno settings");\nprocess.exit(3);\n' },
    /define an image\. Last output: "no settings"\.$/,
    "a.image.mjs:1",
  ],
  [
    "an error that nobody waits for",
    "a.image.mjs",
    { "a.image.mjs": 'setTimeout(() => { throw new Error("late"); });\nawait new Promise(() => undefined);\n' },
    /^late$/,
    "a.image.mjs:1:26",
  ],
  [
    "a promise that is never kept",
    "a.image.mjs",
    { "a.image.mjs": "await new Promise(() => undefined);\n" },
    /exited and exported no image/,
    "a.image.mjs:1",
  ],
  [
    "what is thrown and is no error",
    "a.image.mjs",
    { "a.image.mjs": "throw { enough: true };\n" },
    /^The module throws \{ enough: true \}, which is not an Error/,
    "a.image.mjs:1",
  ],
  [
    "a process that leaves another behind",
    "a.image.mjs",
    { "a.image.mjs": leaveBehind("") },
    /exited/,
    "a.image.mjs:1",
  ],
  [
    "a report of a file of another machine",
    "a.image.mjs",
    { "a.image.mjs": printed("file://elsewhere.example/a.mjs:1") },
    /exited and exported no image/,
    "a.image.mjs:1",
  ],
  [
    "a report of a file that has no path",
    "a.image.mjs",
    { "a.image.mjs": printed("file:///a%2Fb:1") },
    /exited and exported no image/,
    "a.image.mjs:1",
  ],
  [
    "a report of a name that is not encoded",
    "a.image.mjs",
    { "a.image.mjs": printed("file:///%zz:1") },
    /exited and exported no image/,
    "a.image.mjs:1",
  ],
  [
    "a report of a line that no file has",
    "a.image.mjs",
    { "a.image.mjs": printed("file:///a:99999999999999999999") },
    /exited and exported no image/,
    "a.image.mjs:1",
  ],
  [
    "an error whose stack names another machine",
    "a.image.mjs",
    {
      "a.image.mjs":
        'throw Object.assign(new Error("mine"), { stack: "file://elsewhere.example/a:1\\nfoo\\n^\\n" });\n',
    },
    /^mine$/,
    "a.image.mjs:1",
  ],
  [
    "an error without end",
    "a.image.mjs",
    { "a.image.mjs": 'throw new Error("long ".repeat(1_000_000));\n' },
    /^(?:long ){800}$/,
    "a.image.mjs:1:7",
  ],
  [
    "more memory than it may take, in buffers",
    "a.image.mjs",
    { "a.image.mjs": "const a = [];\nfor (;;) a.push(Buffer.alloc(2 ** 20, 1));\n" },
    /used more than 64 MiB of memory/,
    "a.image.mjs:1",
  ],
  [
    "more memory than it may take, in threads",
    "a.image.mjs",
    {
      "a.image.mjs":
        'import { Worker } from "node:worker_threads";\n' +
        'const code = "const a = []; for (;;) a.push(new Array(10_000).fill(1.5));";\n' +
        "for (let i = 0; i < 3; i++) new Worker(code, { eval: true });\nawait new Promise(() => 0);\n",
    },
    /used more than 64 MiB of memory/,
    "a.image.mjs:1",
  ],
  [
    "more memory than it may take",
    "a.image.mjs",
    { "a.image.mjs": "const a = [];\nfor (;;) a.push(new Array(10_000).fill(1.5));\n" },
    /used more than 64 MiB of memory/,
    "a.image.mjs:1",
  ],
];

describe("a module that exports an image", function () {
  this.timeout(60_000);
  let runner: string;
  before(async () => void (runner = await imageModuleRunner()));
  after(removeTemporaryFolders);

  const read = (files: Readonly<Record<string, string>>, file: string, options = {}) => {
    const root = temporaryFolder(files);
    return readImageModule(join(root, file), { runner, timeoutMs: 30_000, ...options });
  };

  for (const [title, file, files, message, place] of failures) {
    it(`tells of ${title}, and where`, async () => {
      const timeoutMs = title === "an endless loop" ? 5000 : 30_000;
      const error = await read(files, file, { timeoutMs, memoryMiB: 64 }).then(
        () => assert.fail("it is read"),
        (reason: unknown) => reason,
      );
      if (!ImageBuilderError.is(error, "imageInvalid")) return assert.fail(String(error));
      assert.match(error.message, message);
      const { file: at = "", line, column } = error.location ?? {};
      assert.equal([basename(at), line, ...(column === undefined ? [] : [column])].join(":"), place);
    });
  }
});
