import assert from "node:assert/strict";
import { join } from "node:path";
import { Image } from "../../../src/core/image/image";
import { readImageModule } from "../../../src/core/image/modules/readImageModule";
import { silentLog } from "../../../src/core/base/log";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { imageModuleRunner } from "../../support/imageModuleRunner";
import { endsSoon } from "../../support/process";
import { api, leaveBehind } from "./imageModules";

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

  it("ends when the caller does not want it any more", async () => {
    const stopping = new AbortController();
    setTimeout(() => stopping.abort(new Error("enough")), 300);
    await assert.rejects(read({ "a.image.mjs": "for (;;);\n" }, "a.image.mjs", { signal: stopping.signal }), /enough/);
  });
});
