import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { Image } from "../../../src/core/image/image";
import { readImageModule } from "../../../src/core/image/modules/readImageModule";
import { silentLog } from "../../../src/core/base/log";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { imageModuleRunner } from "../../support/imageModuleRunner";
import { endsSoon } from "../../support/process";

const api = 'import { Image } from "image-builders";\n';

/** Leaves a process behind, whose id it prints. */
const leaveBehind = (options: string): string =>
  'import { spawn } from "node:child_process";\n' +
  'console.log(spawn(process.execPath, ["-e", "setTimeout(() => 0, 300_000)"], ' +
  `{ stdio: "inherit", cwd: "/", ${options} }).pid);\nprocess.exit();\n`;

/** Ends with a report such as Node writes of what is no JavaScript. */
const printed = (place: string): string => {
  const report = JSON.stringify(`${place}\nfoo\n^\nSyntaxError: bar\n`);
  return `import { writeSync } from "node:fs";\nwriteSync(2, ${report});\nprocess.exit(1);\n`;
};

/** Answers by itself, in place of the runner, and stays. */
const answers = (line: string): string =>
  `import { writeSync } from "node:fs";\nconst rest = Buffer.from(${JSON.stringify(`${line}\n`)});\n` +
  "writeSync(3, rest);\nsetInterval(() => 0, 1000);\n";

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

  it("is that image, in JavaScript and in TypeScript, with what it imports", async () => {
    const expected = Image.fromDebianBase({ installFlyte: false, name: "app" }).withAptPackages("git", "curl");
    const code =
      `${api}import { tools } from "./tools";\n` +
      'export default Image.fromDebianBase({ installFlyte: false, name: "app" }).withAptPackages(...tools);\n';
    const files = {
      "app.image.mjs": code.replace("./tools", "./tools.mjs"),
      "tools.mjs": 'export const tools = ["git", "curl"];\n',
      "app.image.ts": code,
      "tools.ts": 'export const tools: readonly string[] = ["git", "curl"];\n',
    };
    for (const file of ["app.image.mjs", "app.image.ts"])
      assert.equal(Image.fromDefinition(await read(files, file)).key, expected.key);
  });

  it("is its only export where there is none by default, and may be promised", async () => {
    assert.equal(
      (
        await read(
          { "a.image.mjs": `${api}export const name = "x";\nexport const image = Image.fromBase("a");\n` },
          "a.image.mjs",
        )
      ).baseImage,
      "a",
    );
    assert.equal(
      (
        await read(
          {
            "a.image.mjs": `${api}export default Promise.resolve(Image.fromBase("b"));\nsetInterval(() => 0, 1000);\n`,
          },
          "a.image.mjs",
        )
      ).baseImage,
      "b",
    );
  });

  it("may be all that TypeScript is, wait, import packages, and print much", async () => {
    const files = {
      "a.image.ts": `${api}import { tool } from "tools";
import type { Names } from "./names";
import { posix } from "node:path";
enum Port { Web = 8080 }
interface Options<T> { readonly value: T; readonly unused?: Names }
class Settings {
  constructor(private readonly options: Options<string>) {}
  get value(): string { return this.options!.value as string; }
}
const names = { MODE: "test" } as const satisfies Record<string, string>;
await new Promise<void>((resolve) => setTimeout(resolve, 10));
for (let i = 0; i < 20_000; i++) console.log("a line of much that is printed", i);
export default Image.fromBase("a").clone({ name: "a", extendable: true })
  .withWorkdir(posix.join("/", new Settings({ value: tool }).value))
  .withEnvVars({ ...names, PORT: String(Port.Web) });
`,
      "names.ts": "export type Names = string;\n",
      "node_modules/tools/package.json": '{"name": "tools", "main": "main.js"}',
      "node_modules/tools/main.js": 'exports.tool = "hammer";\n',
    };
    const expected = Image.fromBase("a")
      .clone({ name: "a", extendable: true })
      .withWorkdir("/hammer")
      .withEnvVars({ MODE: "test", PORT: "8080" });
    assert.equal(Image.fromDefinition(await read(files, "a.image.ts")).key, expected.key);
  });

  it("sees no secrets of the environment, and prints to the log", async () => {
    process.env.IMAGE_BUILDERS_TEST_SECRET = "hidden";
    const printed: string[] = [];
    const log = { ...silentLog, info: (message: string) => void printed.push(message) };
    try {
      await read(
        { "a.image.mjs": `${api}console.log(Object.keys(process.env).join());\nexport default Image.fromBase("a");\n` },
        "a.image.mjs",
        { log },
      );
    } finally {
      delete process.env.IMAGE_BUILDERS_TEST_SECRET;
    }
    const allowed = [
      "PATH",
      "HOME",
      "USERPROFILE",
      "TMPDIR",
      "TEMP",
      "TMP",
      "LANG",
      "TZ",
      "SYSTEMROOT",
      "ELECTRON_RUN_AS_NODE",
    ];
    // Node itself hands these on: where coverage is measured, and on Windows. Wine adds some of its own.
    const ofNode = [
      "NODE_V8_COVERAGE",
      "HOMEDRIVE",
      "HOMEPATH",
      "LOGONSERVER",
      "SYSTEMDRIVE",
      "USERDOMAIN",
      "USERNAME",
      "WINDIR",
    ];
    const names = printed
      .join("")
      .trim()
      .split(",")
      .filter((name) => !name.startsWith("WINE"));
    assert.deepEqual(
      names.filter((name) => ![...allowed, ...ofNode].includes(name.toUpperCase())),
      [],
    );
    assert.match(printed.join(""), /PATH/);
  });

  it("is not waited for by what it leaves behind in a session of its own, and that ends too", async () => {
    const printed: string[] = [];
    const log = { ...silentLog, info: (message: string) => void printed.push(message) };
    await assert.rejects(read({ "a.image.mjs": leaveBehind("detached: true") }, "a.image.mjs", { log }), /exited/);
    assert.ok(await endsSoon(Number(printed.join(""))), `${printed.join("")} still runs`);
  });

  it("finds nothing of our environment in its parent's", async () => {
    process.env.IMAGE_BUILDERS_TEST_SECRET = "hidden";
    const printed: string[] = [];
    const log = { ...silentLog, info: (message: string) => void printed.push(message) };
    const code =
      'import { readFileSync } from "node:fs";\nconsole.log(readFileSync(`/proc/${process.ppid}/environ`, "utf8"));\n';
    try {
      await read({ "a.image.mjs": `${api}${code}export default Image.fromBase("a");\n` }, "a.image.mjs", { log });
    } finally {
      delete process.env.IMAGE_BUILDERS_TEST_SECRET;
    }
    assert.match(printed.join(""), /PATH=/);
    assert.doesNotMatch(printed.join(""), /IMAGE_BUILDERS_TEST_SECRET|hidden/);
  });

  const image = {
    baseImage: "a",
    isSlim: false,
    platform: ["linux/amd64"],
    name: "n",
    extendable: true,
    isCloned: true,
    layers: [] as unknown[],
  };
  const forged: readonly (readonly [title: string, answer: unknown])[] = [
    ["a property that images do not have", { definition: { ...image, more: 1 } }],
    ["a layer of no kind", { definition: { ...image, layers: [{ kind: "constructor" }] } }],
    ["a line break in a step", { definition: { ...image, layers: [{ kind: "workdir", path: "/a\nRUN id" }] } }],
    [
      "an option in place of a package",
      {
        definition: {
          ...image,
          layers: [{ kind: "aptPackages", packages: ["-oAPT::Update::Pre-Invoke::=id"], secrets: [] }],
        },
      },
    ],
    [
      "labels that no method sets",
      { definition: { ...image, layers: [{ kind: "labels", labels: [["a", "b\nRUN id"]] }] } },
    ],
    [
      "layers of an image by a Dockerfile",
      { definition: { ...image, dockerfile: "Dockerfile", layers: [{ kind: "workdir", path: "/a" }] } },
    ],
    ["a base that is no image's name", { definition: { ...image, baseImage: "a\nRUN id" } }],
    [
      "wheels from elsewhere",
      {
        definition: {
          ...image,
          layers: [
            {
              kind: "pythonWheels",
              folder: "../..",
              packageName: "flyte",
              pip: { extraIndexUrls: [], pre: false, secrets: [] },
            },
          ],
        },
      },
    ],
    ["what is nested 100,000 deep", `${"[".repeat(100_000)}${"]".repeat(100_000)}`],
    ["neither an image nor a failure", { handle: 1 }],
  ];
  for (const [title, answer] of forged) {
    it(`is not believed where it answers with ${title}`, async () => {
      const line = typeof answer === "string" ? answer : JSON.stringify(answer);
      await assert.rejects(
        read({ "a.image.mjs": answers(line) }, "a.image.mjs"),
        (error) =>
          ImageBuilderError.is(error, "imageInvalid") &&
          /^"\S+" must export an image that is created with the methods of Image/.test(error.message),
      );
    });
  }

  it("gives no prototype to what is made of its answer", async () => {
    const line = `{"definition":${JSON.stringify(image).replace("{", '{"__proto__":{"isAdmin":true},')}}`;
    const answer = await read({ "a.image.mjs": answers(line) }, "a.image.mjs");
    assert.equal(Reflect.get(answer, "isAdmin"), undefined);
    assert.doesNotMatch(JSON.stringify(answer), /isAdmin/);
  });

  it("is not believed where it answers without end, whatever it writes", async () => {
    const before = process.memoryUsage().rss;
    const code =
      'import { writeSync } from "node:fs";\nconst rest = Buffer.alloc(2 ** 20, "x");\nfor (;;) writeSync(3, rest);\n';
    await assert.rejects(
      read({ "a.image.mjs": code }, "a.image.mjs"),
      /must export an image that is created with the methods of Image/,
    );
    assert.ok(process.memoryUsage().rss - before < 100 * 2 ** 20);
  });

  it("ends when the caller does not want it any more", async () => {
    const stopping = new AbortController();
    setTimeout(() => stopping.abort(new Error("enough")), 300);
    await assert.rejects(read({ "a.image.mjs": "for (;;);\n" }, "a.image.mjs", { signal: stopping.signal }), /enough/);
  });

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
