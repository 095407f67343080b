import assert from "node:assert/strict";
import { join } from "node:path";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { readImageModule } from "../../../src/core/image/modules/readImageModule";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { imageModuleRunner } from "../../support/imageModuleRunner";

/** Answers by itself, in place of the runner, and stays. */
const answers = (line: string): string =>
  `import { writeSync } from "node:fs";\nconst rest = Buffer.from(${JSON.stringify(`${line}\n`)});\n` +
  "writeSync(3, rest);\nsetInterval(() => 0, 1000);\n";

describe("a module that exports an image", function () {
  this.timeout(60_000);
  let runner: string;
  before(async () => void (runner = await imageModuleRunner()));
  after(removeTemporaryFolders);

  const read = (files: Readonly<Record<string, string>>, file: string, options = {}) => {
    const root = temporaryFolder(files);
    return readImageModule(join(root, file), { runner, timeoutMs: 30_000, ...options });
  };

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
      "an SSH agent that is more than a name",
      {
        definition: {
          ...image,
          layers: [{ kind: "commands", commands: ["a"], secrets: [], ssh: { id: "a,target=/etc/passwd" } }],
        },
      },
    ],
    [
      "labels that no method sets",
      { definition: { ...image, layers: [{ kind: "labels", labels: [["a\nRUN id", "b"]] }] } },
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
});
