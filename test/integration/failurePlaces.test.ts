import assert from "node:assert/strict";
import { ImageBuilderError } from "../../src/core/errors";
import { DockerCli } from "../support/dockerCli";
import { build, uniqueName } from "../support/engine";
import { failingDockerfiles, type FailingDockerfile } from "../support/failingDockerfiles";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";

/** First and last marked line. */
type Lines = readonly [first: number, last: number];

describe("the place where a build failed", function () {
  this.timeout(60_000);
  let buildx: DockerCli;
  before(async () => (buildx = await DockerCli.of("28")));
  after(removeTemporaryFolders);

  for (const failing of failingDockerfiles) {
    it(`is the one that buildx marks: ${failing.what}`, async () => {
      const root = temporaryFolder({ Dockerfile: failing.dockerfile, ...failing.files });
      const theirs = await buildx.failure(root, optionsOf(failing));
      const failed = await failureOf(root, failing);
      const { line, endLine = line } = failed.location ?? {};
      const ours = line === undefined ? undefined : [line, endLine];
      if (process.env["SHOW_MESSAGES"]) console.log(`      ${JSON.stringify(markedIn(theirs))} ${JSON.stringify(ours)} ${failed.message}`);
      assert.deepEqual(ours, markedIn(theirs) ?? (failing.line === undefined ? undefined : [failing.line, failing.line]), `${failed.message}\n${theirs}`);
      if (failing.says) assert.match(failed.message, failing.says);
      if (failing.isSilentOf) assert.doesNotMatch(failed.message, failing.isSilentOf);
    });
  }
});

function optionsOf({ options }: FailingDockerfile): string[] {
  const { target, buildArgs = {} } = options ?? {};
  return [...(target === undefined ? [] : ["--target", target]), ...Object.entries(buildArgs).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`])];
}

async function failureOf(root: string, { options }: FailingDockerfile): Promise<ImageBuilderError> {
  const error = await build({ root, imageName: `${uniqueName()}:1`, options: { builder: "buildkit", ...options } }).then(
    () => assert.fail("the build must fail"),
    (reason: unknown) => reason,
  );
  assert.ok(ImageBuilderError.is(error), String(error));
  return error;
}

/** The lines after `>>>` in the first excerpt. */
function markedIn(written: string): Lines | undefined {
  const [, excerpt = ""] = /^-{20}\n((?: *\d+ \|[^\n]*\n)+)-{20}$/m.exec(written) ?? [];
  const lines = [...excerpt.matchAll(/^ *(\d+) \| >>>/gm)].map(([, line]) => Number(line));
  return lines.length > 0 ? [Math.min(...lines), Math.max(...lines)] : undefined;
}
