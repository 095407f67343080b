import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Upload } from "../../src/core/context/review/upload";
import { build, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { recordingOperation } from "../support/operation";
import { until } from "../support/until";

describe("the classic builder", () => {
  after(removeTemporaryFolders);

  it("warns before it takes on many files", async () => {
    const root = temporaryFolder({ Dockerfile: "FROM scratch\nCOPY Dockerfile /\n" });
    const folder = temporaryFolder();
    for (let i = 0; i < 20_001; i++) writeFileSync(join(folder, `${i}`), "");
    const warns = (line: string): boolean => /^warn: .* square of that number/.test(line);
    const operation = recordingOperation();
    await build({ root, imageName: `${uniqueName()}:1`, options: { builder: "classic" }, operation });
    assert.ok(!operation.logged.some(warns));

    const cancel = new AbortController();
    const large = recordingOperation(cancel.signal);
    writeFileSync(join(folder, "Dockerfile"), "FROM scratch\nCOPY . /\n");
    let slowFrom: number | undefined;
    const confirmUpload = async (upload: Upload): Promise<void> => void (slowFrom = upload.slowFrom);
    const building = assert.rejects(
      build({
        root: folder,
        imageName: `${uniqueName()}:1`,
        options: { builder: "classic" },
        operation: { ...large, confirmUpload },
      }),
    );
    await until(() => large.logged.some(warns), "the warning comes");
    assert.equal(slowFrom, 20_000);
    cancel.abort();
    await building;
  });
});
