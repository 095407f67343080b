import assert from "node:assert/strict";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { BuildContext } from "../../../src/core/context/files/buildContext";
import { TarPacker } from "../../../src/core/context/files/tarPacker";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { Image } from "../../../src/core/image/image";
import { plannedBuild } from "../../support/plannedBuild";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { swapping, type Swap } from "../../support/swapper";
import { archiveOf, entriesOf } from "./support";

const canary = "CANARY-outside-";
const outside = canary.repeat(40);
const inside = "inside-the-root".repeat(40);

/** More rounds are had by `RACE_ROUNDS=5000`. */
const rounds = Number(process.env["RACE_ROUNDS"] ?? 40);
const seed = Number(process.env["RACE_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

interface Bed {
  readonly root: string;
  readonly beside: string;
}

const names = Array.from({ length: 12 }, (_, i) => `file-${i}.py`);
const filesOf = (text: string) => Object.fromEntries(names.map((name) => [`sub/deep/${name}`, text]));

function bed(): Bed {
  const root = temporaryFolder({
    ...filesOf(inside),
    "sub/x.py": inside,
    "main.py": "import sub.x\n",
    ".dockerignore": "nothing\n",
    Dockerfile: "FROM scratch\n",
  });
  const beside = temporaryFolder({
    ...Object.fromEntries(Object.entries(filesOf(outside))),
    "deep/x": outside,
    "sub/x.py": outside,
  });
  mkdirSync(join(beside, "spare"));
  return { root, beside };
}

/** What changes places: the thing in the root, and a link to the like outside that lies ready there. */
const kinds: readonly (readonly [what: string, swaps: (bed: Bed) => Swap[], readers: () => readonly Reader[]])[] = [
  [
    "a folder and a link",
    ({ root, beside }) => [prepared(join(root, "sub/deep"), join(beside, "sub/deep"), join(beside, "spare"), "deep")],
    () => [...readers, ...belowOnly],
  ],
  [
    "a folder above and a link",
    ({ root, beside }) => [prepared(join(root, "sub"), join(beside, "sub"), join(beside, "spare"), "sub")],
    () => readers,
  ],
  [
    "a file and a link",
    ({ root, beside }) =>
      names
        .slice(0, 4)
        .map((name) =>
          prepared(join(root, "sub/deep", name), join(beside, "sub/deep", name), join(beside, "spare"), name),
        ),
    () => [...readers, ...belowOnly],
  ],
  ["the root and a link", ({ root, beside }) => [prepared(root, beside, join(beside, "spare"), "root")], () => readers],
];

function prepared(one: string, target: string, folder: string, name: string): Swap {
  symlinkSync(target, join(folder, name));
  return { one, other: join(folder, name), spare: join(folder, `${name}-spare`) };
}

interface Reader {
  readonly what: string;
  /** Names the folder, while it still is what it should be, and returns what reads it. */
  readonly choose: (root: string) => Promise<() => Promise<Buffer>>;
}

const added = (add: (context: BuildContext) => void): (() => Promise<Buffer>) => {
  const context = new BuildContext({});
  add(context);
  return () => archiveOf(context, { gzip: false });
};

const spec = (root: string) =>
  plannedBuild(
    Image.fromBase("python:3.12")
      .clone({ name: "app", extendable: true })
      .withSourceFolder("sub")
      .withSourceFile("main.py"),
    { root },
  );

const readers: readonly Reader[] = [
  {
    what: "an archive",
    choose: async (root) => {
      const context = new BuildContext({ root });
      return () => archiveOf(context, { gzip: false });
    },
  },
  {
    what: "an archive in the order of BuildKit",
    choose: async (root) => {
      const context = new BuildContext({ root });
      return async () => {
        const packer = new TarPacker(
          () => 0,
          () => {},
        );
        const chunks: Buffer[] = [];
        for (const entry of await entriesOf(context, "tree")) chunks.push(...packer.add(entry));
        return Buffer.concat([...chunks, ...packer.end()]);
      };
    },
  },
  {
    what: "an archive with a folder that was added",
    choose: async (root) => added((context) => context.addDirectory(join(root, "sub"), "added")),
  },
  {
    what: "an archive with files that were added",
    choose: async (root) =>
      added((context) => names.forEach((name) => context.addFile(join(root, "sub/deep", name), name))),
  },
  {
    what: "the files of an image spec",
    choose: async (root) => {
      const build = await spec(root);
      return added((context) => context.addAll(build?.extraFiles ?? new Map()));
    },
  },
];

/** These name the folder again each time, so only what changes below it counts. */
const belowOnly: readonly Reader[] = [
  {
    what: "an archive with a folder that is added meanwhile",
    choose: async (root) => async () => added((context) => context.addDirectory(join(root, "sub"), "added"))(),
  },
  {
    what: "an image spec that is read meanwhile",
    choose: async (root) => async () => {
      const build = await spec(root);
      return added((context) => context.addAll(build?.extraFiles ?? new Map()))();
    },
  },
];

describe("a folder in which things change places while it is read", function () {
  this.timeout(120_000);
  before(() => console.log(`      seed ${seed}`));
  after(removeTemporaryFolders);

  for (const [kind, swapsOf, readersOf] of kinds) {
    for (const { what, choose } of readersOf()) {
      it(`never gives a byte from outside: ${kind}, ${what}`, async () => {
        const place = bed();
        const read = await choose(place.root);
        let [leaked, whole, failed] = [0, 0, 0];
        const swaps = await swapping(swapsOf(place), seed, async () => {
          for (let round = 0; round < rounds; round++) {
            try {
              if ((await read()).includes(canary)) leaked++;
              else whole++;
            } catch (error) {
              assert.ok(ImageBuilderError.is(error), error instanceof Error ? error.stack : String(error));
              assert.match(
                error.code,
                /^(contextChanged|contextUnreadable|imageFileMissing|dockerignoreInvalid)$/,
                error.message,
              );
              failed++;
            }
            await new Promise((resolve) => setImmediate(resolve));
          }
        });
        if (process.env["RACE_ROUNDS"])
          console.log(`      ${swaps} swaps, ${whole} whole, ${failed} failed, ${leaked} leaked`);
        assert.equal(leaked, 0, `${leaked} of ${rounds} rounds`);
      });
    }
  }
});
