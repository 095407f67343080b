import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ImageBuilderError } from "../../src/core/base/errors";
import { plainRegistry, registryDigest, uniqueName } from "../support/engine";
import { removeTemporaryFolders } from "../support/folder";
import { recordingOperation } from "../support/operation";
import { build, files } from "./embeddedBuilderSupport";

describe("the embedded builder", function () {
  this.timeout(600_000);
  after(removeTemporaryFolders);

  const running = { Dockerfile: "FROM busybox:1.35\nCOPY run /r\nRUN test -f /r\n", run: "r" };

  it("leaves what runs something to the daemon, and says which line decided", async () => {
    const operation = recordingOperation();
    const imageName = `${plainRegistry()}/${uniqueName()}:1`;
    const dockerHost = process.env["DOCKER_HOST"];
    const { digest } = await build({ files: running, imageName, registry: plainRegistry(), dockerHost, operation });
    assert.equal(digest, await registryDigest(imageName));
    assert.ok(operation.logged.some((line) => line.includes("(line 3: RUN). The Docker daemon builds it instead.")));
  });

  it("refuses it where it may not be left, at the line", async () => {
    const imageName = `${plainRegistry()}/${uniqueName()}:1`;
    const configuration = { fallback: "none" };
    await assert.rejects(
      build({ files: running, imageName, registry: plainRegistry(), configuration }),
      (error) =>
        ImageBuilderError.is(error, "buildFailed") &&
        error.location?.line === 3 &&
        error.message.includes("line 3: RUN"),
    );
    assert.equal(await registryDigest(imageName), undefined);
  });

  it("says both reasons where no daemon is either", async () => {
    const imageName = `${plainRegistry()}/${uniqueName()}:1`;
    await assert.rejects(
      build({ files: running, imageName, registry: plainRegistry() }),
      (error) => ImageBuilderError.is(error, "daemonUnreachable") && error.message.includes("line 3: RUN"),
    );
  });

  it("sends nothing before the upload is confirmed", async () => {
    const imageName = `${plainRegistry()}/${uniqueName()}:1`;
    const asked: string[] = [];
    const operation = {
      ...recordingOperation(),
      async confirmUpload(upload: { review: (options: object) => Promise<{ files: number }> }) {
        asked.push(`${(await upload.review({})).files} files`);
        throw new ImageBuilderError("requestRefused", "not this time");
      },
    };
    await assert.rejects(build({ files, imageName, registry: plainRegistry(), operation }), /not this time/);
    assert.deepEqual(asked, ["3 files"]);
    const answer = await fetch(`http://${plainRegistry()}/v2/${imageName.split("/")[1]?.split(":")[0]}/tags/list`);
    assert.equal(answer.status, 404);
  });

  it("leaves neither a tag nor temporary files when it is cancelled", async () => {
    const imageName = `${plainRegistry()}/${uniqueName()}:1`;
    const stop = new AbortController();
    const operation = recordingOperation(stop.signal);
    const cancelling = {
      ...operation,
      report: (event: Parameters<typeof operation.report>[0]) => event.kind === "pushStarted" && stop.abort(),
    };
    await assert.rejects(build({ files, imageName, registry: plainRegistry(), operation: cancelling }));
    assert.equal(await registryDigest(imageName), undefined);
  });

  it("reports a file that changes while it is read, and leaves no temporary files", async () => {
    const imageName = `${plainRegistry()}/${uniqueName()}:1`;
    const operation = {
      ...recordingOperation(),
      confirmUpload(upload: { context: { root?: string } }) {
        writeFileSync(join(upload.context.root ?? "", "data/x"), "shorter");
        return Promise.resolve();
      },
    };
    await assert.rejects(build({ files, imageName, registry: plainRegistry(), operation }), (error) =>
      ImageBuilderError.is(error, "contextChanged"),
    );
    const left = readdirSync(tmpdir()).filter((name) => name.startsWith(`image-builders-${process.pid}-`));
    assert.deepEqual(left, []);
  });
});
