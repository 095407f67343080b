import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, renameSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { Daemon } from "../../scripts/engines/daemon.mjs";
import type { ErrorCode } from "../../src/core/base/errors";
import { ImageBuilderError } from "../../src/core/base/errors";
import type { SourceRequest } from "../../src/core/base/sourceConsent";
import { DockerCli } from "../support/dockerCli";
import { build, coreOn, engineAt, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { imageLayout } from "../support/imageLayout";
import { recordingOperation } from "../support/operation";

const copied = "FROM scratch\nCOPY --from=app image.txt /\n";

describe("OCI layouts as named build contexts", function () {
  this.timeout(180_000);
  let cli: DockerCli;
  let daemon: Daemon;
  let layout: Awaited<ReturnType<typeof imageLayout>>;

  before(async () => {
    cli = await DockerCli.of("28");
    daemon = await new Daemon(join(temporaryFolder(), "daemon"), { release: "28", containerdStore: true }).start();
    layout = await imageLayout({
      latest: { "image.txt": "latest", "folder/big.bin": randomBytes(3 * 2 ** 20 + 7) },
      next: { "image.txt": "next" },
    });
  });
  after(async () => {
    await daemon.remove();
    removeTemporaryFolders();
  });

  /** Files that a build of ours puts into a folder. */
  async function exported(
    dockerfile: string,
    source: string,
    operation = recordingOperation(),
  ): Promise<Record<string, string>> {
    const dest = join(temporaryFolder(), "out");
    await build({
      root: temporaryFolder({ Dockerfile: dockerfile, own: "own" }),
      imageName: `${uniqueName()}:1`,
      options: { buildContexts: { app: source }, output: { type: "local", dest } },
      core: coreOn(engineAt(daemon.dockerHost)),
      operation,
    });
    return filesIn(dest);
  }

  const cases: readonly (readonly [truth: string, dockerfile: string, suffix: () => string])[] = [
    ["the tag latest as the base", "FROM app\nCOPY own /own\n", () => ""],
    ["a tag to copy from", copied, () => ":next"],
    ["a digest to copy from", copied, () => `@${layout.digests["next"] ?? ""}`],
    ["a digest that has a tag, too", copied, () => `:other@${layout.digests["next"] ?? ""}`],
  ];
  for (const [truth, dockerfile, suffix] of cases) {
    it(`make the same files as buildx: ${truth}`, async () => {
      const source = `oci-layout://${layout.folder}${suffix()}`;
      const ours = await exported(dockerfile, source);
      const dest = join(temporaryFolder(), "out");
      const root = temporaryFolder({ Dockerfile: dockerfile, own: "own" });
      const options = ["--build-context", `app=${source}`, "--output", `type=local,dest=${dest}`];
      await cli.build("buildkit", root, `${uniqueName()}:1`, { options, dockerHost: daemon.dockerHost });
      assert.deepEqual(ours, filesIn(dest));
      assert.ok("image.txt" in ours);
    });
  }

  it("may be the only image of a layout, whatever its tag", async () => {
    const { folder } = await imageLayout({ "1.0": { "image.txt": "only" } });
    assert.deepEqual(await exported(copied, `oci-layout://${folder}`), { "image.txt": "only" });
  });

  it("are asked about with their real folder before it is read", async () => {
    const asked: SourceRequest[] = [];
    const link = join(temporaryFolder(), "link");
    symlinkSync(layout.folder, link);
    const consent = { confirm: async (request: SourceRequest): Promise<void> => void asked.push(request) };
    await exported(copied, `oci-layout://${link}`, { ...recordingOperation(), consent });
    assert.deepEqual(
      asked.map(({ source, requestedBy }) => [source, requestedBy]),
      [
        [
          { kind: "folder", path: layout.folder },
          { kind: "buildContext", name: "app" },
        ],
      ],
    );
  });

  it("give nothing of outside: a blob that is a link out is not in the layout", async () => {
    const { folder } = await imageLayout({ latest: { "image.txt": "in" } });
    const outside = temporaryFolder();
    for (const blob of readdirSync(join(folder, "blobs/sha256"))) {
      renameSync(join(folder, "blobs/sha256", blob), join(outside, blob));
      symlinkSync(join(outside, blob), join(folder, "blobs/sha256", blob));
    }
    await assert.rejects(exported(copied, `oci-layout://${folder}`), { code: "buildFailed" satisfies ErrorCode });
  });

  it("name what is wrong with a layout, before anything is built", async () => {
    const broken = (index: string): string => temporaryFolder({ "index.json": index });
    for (const [source, words] of [
      [temporaryFolder(), /because ".*" is not an OCI layout: its index\.json can't be read/],
      [broken("{"), /because ".*" is not an OCI layout: its index\.json lists no images/],
      [broken('{"manifests":[{"digest":"../../x"}]}'), /its index\.json lists no images/],
      [broken('{"manifests":[]}'), /its index\.json lists no images/],
      [`${layout.folder}:gone`, /the OCI layout ".*" has no image with the tag "gone"\. Correct its path/],
    ] as const) {
      await assert.rejects(
        exported(copied, `oci-layout://${source}`),
        (error: unknown) => ImageBuilderError.is(error, "contextUnreadable") && words.test(error.message),
      );
    }
  });
});

/** The files of a folder with their contents. */
function filesIn(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => statSync(join(folder, name)).isFile())
      .sort()
      .map((name) => [name, readFileSync(join(folder, name), "latin1")]),
  );
}
