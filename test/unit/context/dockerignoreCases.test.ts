import assert from "node:assert/strict";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { BuildContext } from "../../../src/core/context/buildContext";
import { ImageBuilderError } from "../../../src/core/errors";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";

/** What a real Docker made of one tree and one ignore file. */
interface Case {
  readonly id: string;
  /** `p` a file, `p/` an empty directory, `p -> t` a link. */
  readonly files: readonly string[];
  readonly dockerignore: string;
  readonly included: readonly string[];
  readonly error?: string;
  readonly errorLine?: number;
  readonly classic?: { readonly included: readonly string[]; readonly error?: string };
}

const cases = JSON.parse(readFileSync(new URL("../../fixtures/dockerignore-cases.json", import.meta.url), "utf8")) as Case[];

describe("an ignore file decides as Docker does", function () {
  this.timeout(60_000);
  after(removeTemporaryFolders);

  it("there are 412 cases", () => {
    assert.equal(cases.length, 412);
  });

  for (const one of cases) {
    it(`${one.id}: ${JSON.stringify(one.dockerignore).slice(0, 80)}`, async () => {
      const root = treeOf(one);
      await check(root, "buildkit", one);
      await check(root, "classic", { errorLine: one.errorLine, ...(one.classic ?? one) });
    });
  }
});

async function check(
  root: string,
  builder: "buildkit" | "classic",
  expected: Pick<Case, "included" | "error" | "errorLine">,
): Promise<void> {
  const context = new BuildContext({ root, builder, alwaysInclude: [] });
  if (expected.error === undefined) {
    assert.deepEqual([...(await context.getFiles()).keys()].sort(), expected.included, builder);
    return;
  }
  await assert.rejects(context.getFiles(), (error: unknown) => {
    assert.ok(ImageBuilderError.is(error, "dockerignoreInvalid"), `${builder}: ${String(error)}`);
    assert.ok(error.message.includes(expected.error ?? ""), `${builder}: ${error.message}`);
    assert.equal(error.location?.file, join(root, ".dockerignore"));
    if (expected.errorLine !== undefined) assert.equal(error.location.line, expected.errorLine);
    return true;
  });
}

function treeOf({ files, dockerignore }: Case): string {
  const root = temporaryFolder();
  for (const file of files) {
    const [path = "", target] = file.split(" -> ");
    if (path.endsWith("/")) {
      mkdirSync(join(root, path), { recursive: true });
      continue;
    }
    mkdirSync(dirname(join(root, path)), { recursive: true });
    if (target === undefined) writeFileSync(join(root, path), path);
    else symlinkSync(target, join(root, path));
  }
  writeFileSync(join(root, ".dockerignore"), dockerignore);
  return root;
}
