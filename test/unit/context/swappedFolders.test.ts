import assert from "node:assert/strict";
import { existsSync, mkdirSync, realpathSync, renameSync, symlinkSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { ImageBuilderError, messageOf } from "../../../src/core/base/errors";
import { readPathTree, updateNames, updatePathTree } from "../../../src/core/context/tree/readPathTree";
import type { PathTree } from "../../../src/core/context/tree/pathTree";
import { entriesIn } from "../../../src/core/image/files/confinedFiles";
import { proposeDockerfiles } from "../../../src/core/image/propose/dockerfiles/proposeDockerfiles";
import { proposeSpecs } from "../../../src/core/image/propose/proposeSpecs";
import { LinkFollower } from "../../../src/core/session/linkFollower";
import { requestedFiles } from "../../../src/core/worker/requestedPaths";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { swappedBefore } from "../../support/swapAt";

const shown = (tree: PathTree): string =>
  [...tree.ids()].map((id) => `${tree.pathOf(id)} ${tree.kindOf(id)} ${tree.bytesOf(id)}`).join("\n");

/** Ways of listing the folders of a workspace; each returns all that it has learned from them. */
const listings: Readonly<Record<string, (root: string, within: { folders: readonly string[] }) => Promise<string>>> = {
  "the tree of a build context": async (root) => shown((await readPathTree(root)).tree),
  "the update of a tree": async (root) => {
    const { tree } = await readPathTree(join(root, "empty"));
    await updatePathTree(tree, root, ["", "sub", "sub/own", "sub/deep/own"]);
    return shown(tree);
  },
  "the second look at a tree": async (root) => {
    const { tree } = await readPathTree(root);
    await updateNames(tree, root);
    return shown(tree);
  },
  "the search for build contexts": (root, within) =>
    Promise.resolve(JSON.stringify(entriesIn(join(root, "sub"), within))),
  "proposed image specs": async (root, within) =>
    JSON.stringify(await proposeSpecs(join(root, "sub"), "r.example", within)),
  "proposed Dockerfiles": async (root, within) => JSON.stringify(await proposeDockerfiles(join(root, "sub"), within)),
  "the links that copied paths lead to": (root) =>
    Promise.resolve(JSON.stringify(new LinkFollower(root, false).follow(["sub/*", "sub/deep/*"]) ?? [])),
  "the files that a build requests": (root) => {
    const isRequested = requestedFiles("FROM busybox\nCOPY sub/$unknown /\n", {}, root);
    return Promise.resolve(`${isRequested("sub/own")}`);
  },
};

describe("a folder that is swapped for a link to one outside the workspace", () => {
  after(removeTemporaryFolders);

  const folders = (): { readonly root: string; readonly outside: string } => {
    const parent = realpathSync.native(
      temporaryFolder({
        "workspace/sub/own": "12",
        "workspace/sub/deep/own": "123",
        "outside/sub/canary.py": "1234567",
        "outside/sub/go.mod": "module canary\n",
        "outside/sub/own": "4".repeat(4444),
        "outside/sub/deep/canary": "1",
        "outside/sub/deep/own": "4".repeat(4444),
      }),
    );
    mkdirSync(join(parent, "workspace/empty"));
    symlinkSync("own", join(parent, "workspace/sub/link"));
    symlinkSync("canary.py", join(parent, "outside/sub/canary-link"));
    symlinkSync("canary", join(parent, "outside/sub/deep/canary-link"));
    return { root: join(parent, "workspace"), outside: join(parent, "outside") };
  };

  for (const [title, list] of Object.entries(listings))
    for (const swapped of ["sub", "sub/deep"])
      it(`does not disclose names or sizes by ${title}, if it is ${swapped}`, async () => {
        const { root, outside } = folders();
        const place = join(root, swapped);
        const kept = `${root}.kept`;
        let calls = 0;
        let ended = 0;
        // The first round swaps nothing, and counts the calls.
        for (let call = -1; call < calls; call++) {
          let learned = "";
          const seen = await swappedBefore(call, {
            swap: () => {
              renameSync(place, kept);
              symlinkSync(join(outside, swapped), place);
            },
            work: async () => {
              try {
                learned = await list(root, { folders: [root] });
                ended++;
              } catch (error) {
                if (!ImageBuilderError.is(error) && !("code" in Object(error))) throw error;
                learned = messageOf(error);
              }
            },
          });
          if (existsSync(kept)) {
            unlinkSync(place);
            renameSync(kept, place);
          }
          calls = Math.max(calls, seen.calls);
          const foreign = seen.read.filter((path) => path === outside || path.startsWith(`${outside}/`));
          assert.deepEqual(foreign, [], `before call ${call}`);
          assert.doesNotMatch(learned, /canary|4444/, `before call ${call}`);
        }
        assert.ok(calls > 1, `${calls} calls`);
        assert.ok(ended > 0);
      });
});
