import assert from "node:assert/strict";
import { ImageBuilderError } from "../../src/core/base/errors";
import { DockerCli } from "../support/dockerCli";
import { askDaemon, build, uniqueName } from "../support/engine";
import type { FailingDockerfile, Lines } from "../support/failing/failingDockerfile";
import { failingDockerfiles } from "../support/failingDockerfiles";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { volume } from "../support/volume";

/** Every so manieth is compared with buildx, all of them in the thorough run. */
const step = volume(10, 1);

describe("the place where a build failed", function () {
  this.timeout(120_000);
  let buildx: DockerCli;
  let tellsPlaces: boolean;
  before(async () => {
    const { ApiVersion } = (await askDaemon("/version")) as { ApiVersion: string };
    tellsPlaces = Number(ApiVersion.split(".")[1]) >= 44;
    buildx = await DockerCli.of("28");
  });
  after(removeTemporaryFolders);

  for (const [i, failing] of failingDockerfiles.entries()) {
    it(`is the one that buildx marks: ${failing.what}`, async () => {
      const root = temporaryFolder({ Dockerfile: failing.dockerfile, ...failing.files });
      const failed = await failureOf(root, failing, tellsPlaces);
      if (!failed) return;
      const { line, endLine = line } = failed.location ?? {};
      const ours = line === undefined || endLine === undefined ? undefined : ([line, endLine] as const);
      if (process.env["SHOW_MESSAGES"]) console.log(`      ${JSON.stringify(ours)} ${failed.message}`);
      if (failing.isNewerSyntax && !tellsPlaces) return;
      // Docker 20.10 tells no places: what is found then must be right, or nothing.
      if (tellsPlaces || ours) assertOneOf(ours, failing, failing.ours ?? failing.lines, failed.message);
      if (i % step === 0) await compareWithBuildx(root, failing);
      if (failing.says) assert.match(failed.message, failing.says);
      if (failing.isSilentOf) assert.doesNotMatch(failed.message, failing.isSilentOf);
    });
  }

  for (const kilobytes of [20, 60, 300]) {
    it(`is found in a Dockerfile of ${kilobytes} kB`, async () => {
      const comment = `# ${"x".repeat(97)}\n`.repeat(kilobytes * 10);
      const root = temporaryFolder({ Dockerfile: `FROM busybox:1.35\n${comment}RUN exit 3\n` });
      const failed = await failureOf(root, { what: "", dockerfile: "" }, true);
      assert.equal(failed?.code, "buildFailed", failed?.message);
      assert.match(failed?.message ?? "", /exit code: 3/);
      // Longer ones are not read here, and the daemon's answer, which holds the file, does not arrive.
      assert.equal(failed?.location?.line, kilobytes < 64 ? kilobytes * 10 + 2 : undefined, failed?.message);
    });
  }

  async function compareWithBuildx(root: string, failing: FailingDockerfile): Promise<void> {
    const written = await buildx.failure(root, optionsOf(failing));
    assertOneOf(markedIn(written), failing, tellsPlaces ? failing.lines : undefined, written);
  }
});

function assertOneOf(
  lines: Lines | undefined,
  { orLines }: FailingDockerfile,
  expected: Lines | undefined,
  text: string,
) {
  const isOther = orLines !== undefined && expected !== undefined && lines?.[0] === orLines[0];
  assert.deepEqual(lines, isOther ? orLines : expected, text);
}

function optionsOf({ options }: FailingDockerfile): string[] {
  const { target, buildArgs = {} } = options ?? {};
  return [
    ...(target === undefined ? [] : ["--target", target]),
    ...Object.entries(buildArgs).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
  ];
}

/** @returns nothing where an older frontend takes what newer ones refuse */
async function failureOf(
  root: string,
  { options }: FailingDockerfile,
  mustFail: boolean,
): Promise<ImageBuilderError | undefined> {
  const error: unknown = await build({
    root,
    imageName: `${uniqueName()}:1`,
    options: { builder: "buildkit", ...options },
  }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error === undefined && !mustFail) return undefined;
  assert.ok(ImageBuilderError.is(error), error === undefined ? "the build must fail" : String(error));
  return error;
}

/** The lines after `>>>` in the first excerpt. */
function markedIn(written: string): Lines | undefined {
  const [, excerpt = ""] = /^-{20}\n((?: *\d+ \|[^\n]*\n)+)-{20}$/m.exec(written) ?? [];
  const lines = [...excerpt.matchAll(/^ *(\d+) \| >>>/gm)].map(([, line]) => Number(line));
  return lines.length > 0 ? [Math.min(...lines), Math.max(...lines)] : undefined;
}
