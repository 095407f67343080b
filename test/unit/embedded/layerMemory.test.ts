import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  lstatSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { BuildContext } from "../../../src/core/context/files/buildContext";
import { buildEmbedded, type EmbeddedBuild } from "../../../src/core/embedded/buildEmbedded";
import { DiskCache } from "../../../src/core/embedded/cache/diskCache";
import { showsChanges } from "../../../src/core/embedded/output/layerKey";
import type { Part } from "../../../src/core/embedded/output/imageParts";
import { planBuild } from "../../../src/core/embedded/plan/planBuild";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { pick as pickBy, seeded } from "../../support/mutations";
import { recordingOperation } from "../../support/operation";

const { signal } = new AbortController();
const { log } = recordingOperation();
const platform = "linux/amd64";

interface Built {
  readonly manifest: string;
  /** Digest, and whether the layer was read. */
  readonly layers: readonly { readonly digest: string; readonly isRead: boolean }[];
}

describe("layers whose files are unchanged", () => {
  after(removeTemporaryFolders);

  async function build(
    root: string,
    cacheFolder: string | undefined,
    more: Partial<EmbeddedBuild> = {},
    use: (layers: readonly Part[]) => Promise<void> = () => Promise.resolve(),
  ): Promise<Built> {
    const plan = planBuild("FROM scratch\nCOPY . /app/\n", { platform, buildPlatform: platform });
    assert.ok("stages" in plan);
    const cache = cacheFolder === undefined ? undefined : new DiskCache({ folder: cacheFolder, maxBytes: 1e6, log });
    const options: EmbeddedBuild = {
      plans: [plan],
      isChosen: false,
      context: new BuildContext({ root }),
      placeOf: (host) => ({ host, credentials: () => Promise.resolve(undefined) }),
      family: "oci",
      level: 4,
      cache,
      signal,
      ...more,
    };
    return buildEmbedded(options, async ({ images: [image] }) => {
      assert.ok(image);
      await use(image.layers);
      const layers = image.layers.map(({ digest, prepare }) => ({ digest, isRead: prepare === undefined }));
      return { manifest: image.manifest.digest, layers };
    });
  }

  /** Builds until the files are old enough for the layer to be remembered. */
  async function remembered(root: string, cacheFolder: string): Promise<Built> {
    for (;;) {
      const built = await build(root, cacheFolder);
      if (built.layers.every(({ isRead }) => !isRead)) return built;
    }
  }

  const files = { a: "a", "b/c": "c".repeat(5_000), "b/d": "d" };

  it("are not read, and have the same digests; their bytes are there when they are needed", async () => {
    const [root, cacheFolder] = [temporaryFolder(files), temporaryFolder()];
    const first = await build(root, undefined);
    const second = await remembered(root, cacheFolder);
    assert.equal(second.manifest, first.manifest);
    assert.deepEqual([first.layers[0]?.isRead, second.layers[0]?.isRead], [true, false]);
    await build(root, cacheFolder, {}, async (layers) => {
      for (const { digest, size, open } of layers) {
        const bytes = await buffer(open(signal));
        assert.equal(bytes.length, size);
        assert.equal(`sha256:${createHash("sha256").update(bytes).digest("hex")}`, digest);
      }
    });
  });

  it("are read where that is wanted, and where they are packed in another way", async () => {
    const [root, cacheFolder] = [temporaryFolder(files), temporaryFolder()];
    await remembered(root, cacheFolder);
    assert.equal((await build(root, cacheFolder, { verifies: true })).layers[0]?.isRead, true);
    assert.equal((await build(root, cacheFolder, { level: 5 })).layers[0]?.isRead, true);
    assert.equal((await build(root, cacheFolder)).layers[0]?.isRead, false);
  });

  it("are read again where the cache is damaged", async () => {
    const [root, cacheFolder] = [temporaryFolder(files), temporaryFolder()];
    const { manifest } = await remembered(root, cacheFolder);
    const [name = ""] = readdirSync(cacheFolder);
    const whole = readFileSync(join(cacheFolder, name), "latin1");
    const other = whole.replace(
      /^(sha256:)(.)/,
      (_, start: string, digit: string) => start + (digit === "0" ? "1" : "0"),
    );
    for (const damaged of ["", whole.slice(1), whole.slice(0, -1), other]) {
      writeFileSync(join(cacheFolder, name), damaged);
      const again = await build(root, cacheFolder);
      assert.deepEqual([again.manifest, again.layers[0]?.isRead], [manifest, true], damaged);
    }
  });

  it("are read after a change that keeps size and time", async () => {
    const [root, cacheFolder] = [temporaryFolder(files), temporaryFolder()];
    const write = (text: string): void => {
      writeFileSync(join(root, "a"), text);
      utimesSync(join(root, "a"), 1_000, 1_000);
    };
    write("1");
    await remembered(root, cacheFolder);
    write("2");
    const changed = await build(root, cacheFolder);
    assert.equal(changed.layers[0]?.isRead, true);
    assert.equal(changed.manifest, (await build(root, undefined)).manifest);
  });

  const listedMs = 1_700_000_000_000;
  const ages: readonly (readonly [when: string, ctimeMs: number | undefined, expected: boolean])[] = [
    ["long ago", listedMs - 60_000.5, true],
    ["a moment ago", listedMs - 50.5, false],
    ["a second ago, with a clock of whole seconds", listedMs - 1_000, false],
    ["some seconds ago, with a clock of whole seconds", listedMs - 3_000, true],
    ["in the future", listedMs + 60_000.5, false],
  ];
  for (const [when, ctimeMs, expected] of ages)
    it(`are ${expected ? "" : "not "}remembered with files that changed ${when}`, () => {
      const entry = { path: "a", kind: "file", mode: 0o644, sizeBytes: 1, mtimeMs: 0, ctimeMs } as const;
      const common = { kind: "file", mode: 0o644, uid: 0, gid: 0, mtime: 0, sizeBytes: 1 } as const;
      const node = { ...common, content: { kind: "listed", entry } } as const;
      assert.equal(showsChanges({ entries: [{ path: "/a", node }], newest: 0 }, listedMs), expected);
    });

  it("are not sent with other bytes than they are remembered with", async () => {
    const [root, cacheFolder] = [temporaryFolder(files), temporaryFolder()];
    await remembered(root, cacheFolder);
    const change = (): Promise<void> => Promise.resolve(writeFileSync(join(root, "a"), "b"));
    const open = async ([layer]: readonly Part[]): Promise<void> => {
      await layer?.prepare?.();
    };
    await assert.rejects(build(root, cacheFolder, { confirm: change }, open), (error) =>
      ImageBuilderError.is(error, "contextChanged"),
    );
    assert.equal((await build(root, cacheFolder)).manifest, (await build(root, undefined)).manifest);
  });

  const seed = Number(process.env["SEED"] ?? Date.now() % 1e9);
  it(`are never taken for unchanged after a change (seed ${seed})`, async () => {
    const random = seeded(seed);
    const [root, cacheFolder] = [temporaryFolder(files), temporaryFolder()];
    const pick = <Item>(items: readonly Item[]): Item => pickBy(items, random);
    const names = ["a", "b/c", "b/d", "e"];
    const old = (path: string): void => utimesSync(path, 1_000, 1_000);
    const edits: Readonly<Record<string, (path: string) => void>> = {
      "same size": (path) => writeFileSync(path, pick(["1", "2", "3"])),
      "same size and time": (path) => {
        writeFileSync(path, pick(["1", "2", "3"]));
        old(path);
      },
      touch: (path) => old(path),
      mode: (path) => chmodSync(path, pick([0o600, 0o644, 0o755])),
      renamed: (path) => renameSync(path, join(root, "e")),
      replaced: (path) => {
        writeFileSync(join(root, "new"), pick(["1", "2", "3"]));
        old(join(root, "new"));
        renameSync(join(root, "new"), path);
      },
      "folder replaced": () => {
        rmSync(join(root, "b"), { recursive: true });
        mkdirSync(join(root, "b"));
        writeFileSync(join(root, "b/c"), pick(["1", "2", "3"]));
        old(join(root, "b/c"));
      },
      linked: (path) => {
        rmSync(join(root, "e"), { force: true });
        if (path !== join(root, "e")) linkSync(path, join(root, "e"));
      },
      symlink: (path) => {
        rmSync(path);
        symlinkSync(pick(["a", "b", "c"]), path);
      },
      removed: (path) => rmSync(path),
      nothing: () => undefined,
    };
    let unread = 0;
    for (let round = 0; round < 150; round++) {
      const name = pick(names);
      const path = join(root, name);
      const edit = pick(Object.keys(edits));
      mkdirSync(join(root, "b"), { recursive: true });
      if (!lstatSync(path, { throwIfNoEntry: false })?.isFile()) {
        rmSync(path, { force: true });
        writeFileSync(path, "1");
      }
      edits[edit]?.(path);
      if (round % 10 === 0) await remembered(root, cacheFolder);
      const built = await build(root, cacheFolder);
      unread += built.layers[0]?.isRead ? 0 : 1;
      assert.equal(built.manifest, (await build(root, undefined)).manifest, `round ${round}: ${edit} of ${name}`);
    }
    assert.ok(unread > 10, `${unread} layers were not read`);
  }).timeout(120_000);
});
