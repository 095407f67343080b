import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeTree } from "../../scripts/oracle/caseTrees.mjs";
import { buildAndPush } from "../../src/core/jobs/buildAndPush";
import { ImageBuilderError } from "../../src/core/base/errors";
import { DockerCli } from "../support/dockerCli";
import { askDaemon, coreOn, localBuilder, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { filesOfLastLayer, type ImageFile } from "../support/imageFiles";
import { writeOddTree } from "../support/oddTree";
import { recordingOperation } from "../support/operation";

/** What a real Docker made of one tree and one ignore file. */
interface Case {
  readonly id: string;
  readonly files: readonly string[];
  readonly dockerignore: string;
  /** Files that BuildKit's own client sends without their content, and we do not. */
  readonly emptied?: readonly string[];
  /** Where the classic builder decides otherwise than BuildKit. */
  readonly classic?: object;
}

type Builder = "buildkit" | "classic";
type Build = (builder: Builder, root: string, imageName: string) => Promise<void>;

const allCases = JSON.parse(
  readFileSync(new URL("../fixtures/dockerignore-cases.json", import.meta.url), "utf8"),
) as Case[];
const builders: readonly Builder[] = ["buildkit", "classic"];
const isThorough = process.env["IMAGE_BUILDERS_TEST_THOROUGHLY"] === "1";
/**
 * Before Docker 23 the daemon does not understand its ignore file, and leaves what that keeps out, Dockerfile and
 * ignore file, in the image.
 */
const misunderstood = "p-ws-10";
const cases = isThorough ? allCases : allCases.filter(({ id }, i) => i % 16 === 0 || id === misunderstood);
const manyFiles = isThorough ? 100_000 : 1_000;

describe("an image has the same content by our builds and by the docker command line's", function () {
  this.timeout(isThorough ? 5_400_000 : 300_000);
  let cli: DockerCli;
  /** Ours are the ignore rules since Docker 23, with any daemon. */
  let newestCli: DockerCli;
  /** Before Docker 23 a directory has the time at which BuildKit received it. */
  let keepsFolderTimes: boolean;

  before(async () => {
    const { ApiVersion } = (await askDaemon("/version")) as { ApiVersion: string };
    keepsFolderTimes = Number(ApiVersion.split(".")[1]) >= 42;
    cli = await DockerCli.ofDaemon();
    newestCli = await DockerCli.of("28");
  });
  after(removeTemporaryFolders);

  const ours: Build = async (builder, root, imageName) =>
    void (await buildAndPush(
      { root, imageName, builder: localBuilder, options: { builder, noCache: true }, alwaysInclude: [] },
      coreOn(),
      recordingOperation(),
    ));
  const theirs: Build = (builder, root, imageName) => cli.build(builder, root, imageName);
  const newest: Build = (builder, root, imageName) => newestCli.build(builder, root, imageName);

  /** What is in the image, a line each; nothing where the build is refused. */
  async function linesOf(build: Build, builder: Builder, root: string): Promise<string[] | undefined> {
    const imageName = `${uniqueName("same")}:1`;
    try {
      await build(builder, root, imageName);
    } catch (error) {
      assert.ok(build !== ours || ImageBuilderError.is(error, "dockerignoreInvalid"), String(error));
      return undefined;
    }
    const files = await filesOfLastLayer(imageName);
    await askDaemon(`/images/${imageName}?force=1`, "DELETE");
    return [...files].map(([path, file]) => lineOf(path, file, builder === "classic" || keepsFolderTimes)).sort();
  }

  async function assertSame(builder: Builder, root: string): Promise<void> {
    assert.deepEqual(await linesOf(ours, builder, root), await linesOf(theirs, builder, root));
  }

  async function assertSameOf(one: Case): Promise<void> {
    const root = temporaryFolder();
    await writeTree(root, one);
    // Builds at the same time share a step's result where only times differ.
    execFileSync("find", [root, "-exec", "touch", "--no-dereference", "--date", "@1000000000", "{}", "+"]);
    for (const builder of builders) {
      const [mine, real] = [await linesOf(ours, builder, root), await linesOf(newest, builder, root)];
      const emptied = builder === "buildkit" ? (one.emptied ?? []) : [];
      const isWhole = (line: string) => !emptied.some((path) => line.startsWith(`${JSON.stringify(path)} `));
      // The classic command line leaves out an excluded folder of what is let back in, and the daemon makes one again.
      const comparable = (lines: readonly string[] | undefined) =>
        lines?.filter(isWhole).map((line) => line.replace(/( directory .*) \S+ \S+$/, "$1"));
      assert.deepEqual(comparable(mine), comparable(real), `${one.id} by ${builder}`);
    }
  }

  it(`for ${cases.length} of the ${allCases.length} ignore cases`, async () => {
    const waiting = [...cases];
    const work = async () => {
      for (let one = waiting.shift(); one; one = waiting.shift()) await assertSameOf(one);
    };
    await Promise.all([work(), work()]);
  });

  for (const builder of builders) {
    it(`for odd names, links, modes and times, empty folders and files (${builder})`, async () => {
      const root = temporaryFolder();
      writeOddTree(root);
      await assertSame(builder, root);
    });

    it(`for ${manyFiles} files (${builder})`, async () => {
      const root = temporaryFolder({ Dockerfile: "FROM scratch\nCOPY . /\n" });
      for (let i = 0; i < manyFiles; i++) {
        const folder = join(root, `${i % 97}/${i % 7}`);
        if (i < 97 * 7) mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, `${i}.txt`), `${i}`);
      }
      await assertSame(builder, root);
    });
  }
});

function lineOf(
  path: string,
  { type, mode, owner, sizeBytes, link, mtime, content }: ImageFile,
  withTime: boolean,
): string {
  const time = type !== "directory" || withTime ? mtime : "";
  return (
    `${JSON.stringify(path)} ${type} ${mode.toString(8)} ${owner} ${sizeBytes} ${JSON.stringify(link)} ${time} ` +
    `${content}`
  );
}
