import type { PathTree } from "../../../core/context/tree/pathTree";
import { isDockerfileName } from "../../../core/dockerfile/dockerfileName";

/** Folders with code from other sources, which are skipped. */
const foreign = new Set(["node_modules", ".git", ".venv", "site-packages"]);
const maxDockerfiles = 200;
/** Number of names per step. */
const stepSize = 256;

/** Finds at most 200 Dockerfiles in a tree, by depth. Runs in slices. */
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
