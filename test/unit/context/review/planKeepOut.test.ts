import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { BuildContext } from "../../../../src/core/context/files/buildContext";
import { applyEdits } from "../../../../src/core/context/lint/state/textEdits";
import { keepOutPlanner, type KeepOutPlan } from "../../../../src/core/context/review/planKeepOut";
import { removeTemporaryFolders, temporaryFolder } from "../../../support/folder";

const copiesAll = "FROM scratch\nCOPY . /\n";

interface Setting {
  readonly truth: string;
  readonly files: Readonly<Record<string, string>>;
  readonly dockerfile?: string;
  readonly alwaysInclude?: readonly string[];
  readonly paths: readonly string[];
}

interface Case extends Setting {
  /** The ignore file afterwards, and what is sent no longer. */
  readonly becomes: { readonly file: string; readonly text: string; readonly gone: readonly string[] };
}

function contextOf(root: string, dockerfile: string): BuildContext {
  return new BuildContext({ root, dockerfile: join(root, dockerfile) });
}

async function planFor(
  root: string,
  { dockerfile = "Dockerfile", alwaysInclude = [], paths }: Setting,
): Promise<KeepOutPlan | undefined> {
  const file = join(root, dockerfile);
  const bytes = readFileSync(file);
  const context = contextOf(root, dockerfile);
  context.addFile({ content: "x" }, "added");
  const upload = {
    context,
    dockerfile: { file, bytes, text: bytes.toString() },
    builder: "buildkit",
    isRequested: () => true,
  } as const;
  const read = async (place: string): Promise<Buffer | undefined> =>
    existsSync(place) ? readFileSync(place) : undefined;
  return (await keepOutPlanner(upload, { alwaysInclude, read }))(paths);
}

describe("a plan to keep paths out", () => {
  after(removeTemporaryFolders);

  const cases: readonly Case[] = [
    {
      truth: "makes the ignore file where there is none",
      files: { ".env": "A" },
      paths: [".env"],
      becomes: { file: ".dockerignore", text: ".env\n", gone: [".env"] },
    },
    {
      truth: "adds lines after the others",
      files: { ".dockerignore": "a\r\n", ".env": "A", "b/key": "B" },
      paths: [".env", "b/key"],
      becomes: { file: ".dockerignore", text: "a\r\n.env\r\nb/key\r\n", gone: [".env", "b/key"] },
    },
    {
      truth: "keeps out what an exception lets in",
      files: { ".dockerignore": "*\n!Dockerfile\n!.env", ".env": "A" },
      paths: [".env"],
      becomes: { file: ".dockerignore", text: "*\n!Dockerfile\n!.env\n.env\n", gone: [".env"] },
    },
    {
      truth: "takes the Dockerfile's own ignore file where that applies",
      files: { "a.Dockerfile": copiesAll, "a.Dockerfile.dockerignore": "x\n", ".dockerignore": "y\n", ".env": "A" },
      dockerfile: "a.Dockerfile",
      paths: [".env"],
      becomes: { file: "a.Dockerfile.dockerignore", text: "x\n.env\n", gone: [".env"] },
    },
    {
      truth: "names nothing else",
      files: { "a/.env": "A", "b/.env": "B", "c/x*": "C", "c/xy": "D" },
      paths: ["a/.env", "c/x*"],
      becomes: { file: ".dockerignore", text: "a/.env\nc/x\\*\n", gone: ["a/.env", "c/x*"] },
    },
    {
      truth: "leaves out what is not in the folder, and the Dockerfile",
      files: { ".env": "A" },
      paths: ["added", ".env", "Dockerfile"],
      becomes: { file: ".dockerignore", text: ".env\n", gone: [".env"] },
    },
  ];
  for (const setting of cases) {
    const { truth, files, dockerfile = "Dockerfile", becomes } = setting;
    it(truth, async () => {
      const root = temporaryFolder({ Dockerfile: copiesAll, ...files });
      const before = [...(await contextOf(root, dockerfile).getFiles()).keys()];
      const plan = await planFor(root, setting);
      assert.ok(plan);
      assert.equal(relative(root, plan.ignoreFile), becomes.file);
      assert.deepEqual(
        [plan.effect.stopsSending.files, plan.effect.startsSending.files, plan.broken],
        [becomes.gone.length, 0, []],
      );

      const text = existsSync(plan.ignoreFile) ? readFileSync(plan.ignoreFile, "utf8") : "";
      writeFileSync(plan.ignoreFile, applyEdits(text, plan.fix.edits));
      assert.equal(readFileSync(plan.ignoreFile, "utf8"), becomes.text);
      const after = await contextOf(root, dockerfile).getFiles();
      assert.deepEqual(before.filter((path) => !after.has(path)).sort(), becomes.gone);
    });
  }

  it("tells whether the ignore file begins with a byte order mark, which its places count", async () => {
    for (const [text, hasMark, column] of [
      ["a", false, 2],
      ["\ufeffa", true, 3],
    ] as const) {
      const root = temporaryFolder({ Dockerfile: copiesAll, ".dockerignore": text, ".env": "A" });
      const plan = await planFor(root, { truth: "", files: {}, paths: [".env"] });
      assert.deepEqual([plan?.hasMark, plan?.fix.edits[0]?.range.column], [hasMark, column]);
    }
  });

  it("tells the COPY that would find nothing any more", async () => {
    const root = temporaryFolder({ Dockerfile: "FROM scratch\nCOPY .env /\n", ".env": "A" });
    const plan = await planFor(root, { truth: "", files: {}, paths: [".env"] });
    assert.deepEqual(
      plan?.broken.map(({ range }) => range.line),
      [2],
    );
  });

  const refusals: readonly Setting[] = [
    {
      truth: "what is always included",
      files: { "keep/a.db": "A" },
      alwaysInclude: ["keep/a.db"],
      paths: ["keep/a.db"],
    },
    { truth: "the Dockerfile", files: {}, paths: ["Dockerfile"] },
    { truth: "what was added to the context", files: { added: "takes its place" }, paths: ["added"] },
    {
      truth: "anything where a folder is in the ignore file's place",
      files: { ".dockerignore/x": "", ".env": "A" },
      paths: [".env"],
    },
  ];
  for (const setting of refusals) {
    it(`is not made for ${setting.truth}`, async () => {
      const root = temporaryFolder({ Dockerfile: copiesAll, ...setting.files });
      assert.equal(await planFor(root, setting), undefined);
    });
  }
});
