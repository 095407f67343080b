import assert from "node:assert/strict";
import { join } from "node:path";
import { BuildContext } from "../../../src/core/context/files/buildContext";
import { Evaluator } from "../../../src/core/context/evaluation/evaluator";
import { lint } from "../../../src/core/context/lint/lint";
import { readDockerfile } from "../../../src/core/context/files/dockerfileSource";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../../support/folder";
import { treeOf } from "../context/trees";

const text = "FROM scratch\r\nCOPY a /\r\n";
const encodings: readonly (readonly [string, Buffer])[] = [
  ["UTF-16 of Windows with its mark", Buffer.from(`\ufeff${text}`, "utf16le")],
  ["UTF-16 in the other order", Buffer.from(`\ufeff${text}`, "utf16le").swap16()],
  ["UTF-16 of Windows without a mark", Buffer.from(text, "utf16le")],
  ["UTF-16 in the other order without a mark", Buffer.from(text, "utf16le").swap16()],
];

describe("a Dockerfile", () => {
  after(removeTemporaryFolders);

  for (const [what, bytes] of encodings) {
    it(`in ${what} is refused before the build, with the reason`, async () => {
      const root = temporaryFolder();
      writeFiles(root, { a: "1", Dockerfile: bytes });
      const file = join(root, "Dockerfile");
      await assert.rejects(readDockerfile(new BuildContext({ root }), {}), {
        code: "dockerfileInvalid",
        message: `The Dockerfile "${file}" is encoded in UTF-16, which builders can't read. Save it as UTF-8.`,
      });
    });

    it(`in ${what} is told by the findings`, async () => {
      const dockerfiles = [{ file: "Dockerfile", text: bytes.toString("utf8") }];
      const findings = await lint("b\n", {
        builder: "buildkit",
        evaluator: new Evaluator(treeOf(["a", "b"])),
        dockerfiles,
      });
      assert.deepEqual(
        findings.map(({ file, code, message }) => [file, code, message]),
        [["Dockerfile", "unreadable-text", "Dockerfile is encoded in UTF-16, so every build fails. Save it as UTF-8."]],
      );
    });
  }

  it("in UTF-8, with a mark or without, is read", async () => {
    const root = temporaryFolder();
    for (const bytes of [Buffer.from(text), Buffer.from(`\ufeff${text}`), Buffer.from("#\n"), Buffer.alloc(0)]) {
      writeFiles(root, { Dockerfile: bytes });
      assert.equal((await readDockerfile(new BuildContext({ root }), {})).text, bytes.toString("utf8"));
    }
  });
});
