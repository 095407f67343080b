import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  existsSync,
  linkSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { ImageBuilderError, messageOf } from "../../../src/core/base/errors";
import { BuildContext } from "../../../src/core/context/files/buildContext";
import type { DockerfileSource } from "../../../src/core/context/files/dockerfileSource";
import type { BuildJob } from "../../../src/core/engine/buildJob";
import { prepareSecrets } from "../../../src/core/engine/buildSecrets";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { recordingOperation } from "../../support/operation";
import { swappedBefore } from "../../support/swapAt";

const dockerfile = { text: "FROM scratch\nRUN --mount=type=secret,id=id x\n", name: "Dockerfile" } as DockerfileSource;

/** Things that take the place of a secret's file after it was allowed. */
const replacements: Readonly<Record<string, (file: string, outside: string) => void>> = {
  "a link": (file, outside) => symlinkSync(outside, file),
  "another file": (file, outside) => linkSync(outside, file),
  "a pipe": (file) => execFileSync("mkfifo", [file]),
  "a file of 64 MB": (file) => {
    writeFileSync(file, "");
    truncateSync(file, 64 * 2 ** 20);
  },
};

describe("the file of a secret that was allowed", () => {
  after(removeTemporaryFolders);

  for (const [title, put] of Object.entries(replacements))
    it(`is the one that is read, or none, if ${title} takes its place`, async () => {
      const outside = realpathSync.native(join(temporaryFolder({ key: "canary" }), "key"));
      const root = realpathSync.native(temporaryFolder({ token: "own" }));
      const [file, kept] = [join(root, "token"), join(dirname(outside), "kept")];
      const job = {
        context: new BuildContext({ root }),
        options: { secrets: { id: { file } } },
        engineInfo: { apiVersion: "1.47" },
        client: { endpoint: { address: "", source: "", connection: { kind: "socket", path: "" } } },
      } as unknown as BuildJob;
      const outcomes: string[] = [];
      let calls = 0;
      for (let call = -1; call < calls; call++) {
        const seen = await swappedBefore(call, {
          swap: () => {
            renameSync(file, kept);
            put(file, outside);
          },
          work: async () => {
            try {
              const read = await prepareSecrets(job, dockerfile, recordingOperation());
              outcomes.push(String(await read("id")));
            } catch (error) {
              assert.ok(ImageBuilderError.is(error, "secretUnavailable"), messageOf(error));
              outcomes.push(error.message);
            }
          },
        });
        if (existsSync(kept)) {
          rmSync(file);
          renameSync(kept, file);
        }
        calls = Math.max(calls, seen.calls);
      }
      assert.ok(calls > 2, `${calls} calls`);
      assert.equal(outcomes[0], "own");
      assert.match(
        outcomes.join("\n"),
        /replaced while being read\. Try again|is not a file|bytes, but BuildKit accepts at most/,
      );
      // A file that has another name since it was checked is one that the workspace can have made before.
      if (title !== "another file") assert.doesNotMatch(outcomes.join("\n"), /canary/);
    });
});
