import assert from "node:assert/strict";
import { kindOfFile, kindOfFolder, type ContentKind } from "../../../../src/core/context/overview/contentKind";
import { treemapOf, type Treemap, type TreemapNode } from "../../../../src/core/context/overview/treemap";
import { overviewOf } from "./support";

async function treemap(files: readonly string[], text = "", path = ""): Promise<Treemap> {
  const overview = await overviewOf({ files, text });
  return treemapOf(overview, overview.tree.find(path) ?? assert.fail(path));
}

function* allOf(node: TreemapNode): Generator<TreemapNode> {
  yield node;
  for (const child of node.children ?? []) yield* allOf(child);
}

const outline = ({ name, bytes, children }: TreemapNode): unknown =>
  children ? [name, bytes, children.map(outline)] : [name, bytes];

describe("the treemap of a context", () => {
  const files = [
    "src/a.py=300",
    "src/b.py=200",
    "node_modules/x/index.js=4000",
    "node_modules/x/x.png=1",
    ".git/objects/1=900",
    "model.pt=5000",
    "empty=0",
  ];

  it("has what is sent and has a size, the largest first", async () => {
    assert.deepEqual(outline((await treemap(files, ".git\nsrc/b.py\n")).root), [
      "",
      9301,
      [
        ["model.pt", 5000],
        [
          "node_modules/x",
          4001,
          [
            ["index.js", 4000],
            ["x.png", 1],
          ],
        ],
        ["src", 300, [["a.py", 300]]],
      ],
    ]);
  });

  it("joins folders with nothing but a folder in them, and means the topmost", async () => {
    const { root } = await treemap(["a/b/c/one=5", "a/b/c/two=4", "d/e/f=3", "d/g=1"]);
    assert.deepEqual(outline(root), [
      "",
      13,
      [
        [
          "a/b/c",
          9,
          [
            ["one", 5],
            ["two", 4],
          ],
        ],
        [
          "d",
          4,
          [
            ["e", 3, [["f", 3]]],
            ["g", 1],
          ],
        ],
      ],
    ]);
    assert.deepEqual(
      root.children?.map(({ path }) => path),
      ["a", "d"],
    );
  });

  it("tells the kinds, by the folder before the name, also below such a folder", async () => {
    const { kinds } = await treemap(files);
    assert.deepEqual(
      kinds.map(({ kind, bytes }) => [kind, bytes]),
      [
        ["data", 5000],
        ["dependencies", 4001],
        ["history", 900],
        ["code", 500],
      ],
    );
    const below = await treemap(files, "", "node_modules/x");
    assert.deepEqual(
      below.kinds.map(({ kind }) => kind),
      ["dependencies"],
    );
    assert.deepEqual(
      [...allOf(below.root)].map(({ kind }) => kind),
      ["dependencies", "dependencies", "dependencies"],
    );
  });

  it("gives a folder the kind of most that is in it", async () => {
    const { root } = await treemap(["a/x.csv=60", "a/y.py=40", "b/x.csv=30", "b/y.py=30", "b/z.png=30", "c/d/x.py=9"]);
    assert.deepEqual(
      root.children?.map(({ name, kind }) => [name, kind]),
      [
        ["a", "data"],
        ["b", "other"],
        ["c/d", "code"],
      ],
    );
  });

  it("stays small whatever the folder holds, and loses no byte", async () => {
    const many = Array.from({ length: 30_000 }, (_, i) => `d${i % 100}/f${i}=${1 + (i % 977)}`);
    const { root } = await treemap(many);
    const all = [...allOf(root)];
    assert.ok(all.length < 2_300, String(all.length));
    for (const { bytes, files: count, children } of all) {
      if (!children) continue;
      assert.equal(
        children.reduce((sum, each) => sum + each.bytes, 0),
        bytes,
      );
      assert.equal(
        children.reduce((sum, each) => sum + each.files, 0),
        count,
      );
    }
    assert.ok(all.some(({ type }) => type === "others"));
  });

  it("of a context without bytes is only its root", async () => {
    assert.deepEqual(outline((await treemap(["a=0"])).root), ["", 0]);
    assert.deepEqual((await treemap(["a=10"], "*\n")).kinds, []);
  });

  it("carries the marks of single files", async () => {
    const { root } = await treemap([".env=40", "a=10"]);
    assert.deepEqual(
      root.children?.map(({ name, mark }) => [name, mark?.kind]),
      [
        [".env", "secret"],
        ["a", undefined],
      ],
    );
  });
});

describe("the kind of content", () => {
  const expected: Readonly<Record<string, ContentKind>> = {
    "main.py": "code",
    "App.TSX": "code",
    Dockerfile: "code",
    ".gitignore": "code",
    "package.json": "code",
    "weights.safetensors": "data",
    "train.parquet": "data",
    "logo.png": "media",
    "model.tar.gz": "archives",
    "wheel-1.whl": "archives",
    "debug.log": "caches",
    "a.pyc": "caches",
    mystery: "other",
    ".env": "other",
  };
  for (const [name, kind] of Object.entries(expected))
    it(`of ${name} is ${kind}`, () => assert.equal(kindOfFile(name), kind));
  for (const [name, kind] of [
    ["node_modules", "dependencies"],
    [".venv", "dependencies"],
    [".git", "history"],
    ["__pycache__", "caches"],
    ["dist", "caches"],
    ["src", undefined],
  ] as const) {
    it(`of the folder ${name} is ${kind ?? "that of its files"}`, () => assert.equal(kindOfFolder(name), kind));
  }
});
