import type { PathTree } from "../../../core/context/tree/pathTree";
import { isDockerfileName } from "../../../core/dockerfile/dockerfileName";

/** Folders of other people's code. */
const foreign = new Set(["node_modules", ".git", ".venv", "site-packages"]);
const maxDockerfiles = 200;
/** After how many names a step ends. */
const stepSize = 256;

/** The paths of a tree's Dockerfiles, the higher ones first, found in slices. */
export async function findDockerfilesIn(tree: PathTree): Promise<string[]> {
  const { inSlices } = await import("../../../core/base/batches");
  return inSlices(function* () {
    const found: string[] = [];
    let count = 0;
    const pending = [tree.root];
    for (let next = 0; next < pending.length && found.length < maxDockerfiles; next++) {
      for (const id of tree.childrenOf(pending[next] ?? tree.root)) {
        const name = tree.nameOf(id);
        if (!tree.isDirectory(id)) {
          if (isDockerfileName(name)) found.push(tree.pathOf(id));
        } else if (!foreign.has(name)) pending.push(id);
        if (++count % stepSize === 0) yield;
      }
    }
    return found;
  }, undefined);
}
