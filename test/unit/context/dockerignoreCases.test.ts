import assert from "node:assert/strict";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { BuildContext } from "../../../src/core/context/files/buildContext";
import { ImageBuilderError } from "../../../src/core/base/errors";
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

const cases = JSON.parse(
  readFileSync(new URL("../../fixtures/dockerignore-cases.json", import.meta.url), "utf8"),
) as Case[];

/** Cases by what the machine must be able to have. */
const groups = ["in any tree", "in a tree with links", "in a tree with names that Windows cannot have"] as const;

function groupOf({ files }: Case): (typeof groups)[number] {
  const paths = files.map((file) => file.replace(/ -> .*$/s, ""));
  const parts = new Set(paths.flatMap((path) => path.split("/").map((_, at, all) => all.slice(0, at + 1).join("/"))));
  const hasTwins = new Set([...parts].map((part) => part.toLowerCase())).size < parts.size;
  if (hasTwins || paths.some((path) => /[<>:"|?*\\\p{Cc}]|[ .](?:\/|$)/u.test(path))) return groups[2];
  return files.some((file) => file.includes(" -> ")) ? groups[1] : groups[0];
}

describe("an ignore file decides as Docker does", function () {
  this.timeout(60_000);
  after(removeTemporaryFolders);

  it("there are 412 cases", () => {
    assert.equal(cases.length, 412);
  });

  for (const group of groups) {
    describe(group, () => {
      for (const one of cases.filter((each) => groupOf(each) === group)) {
        it(`${one.id}: ${JSON.stringify(one.dockerignore).slice(0, 80)}`, async () => {
          const root = treeOf(one);
          await check(root, "buildkit", one);
          await check(root, "classic", { errorLine: one.errorLine, ...(one.classic ?? one) });
        });
      }
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
