import type { Evaluation } from "../../evaluation/evaluation";
import type { PathId } from "../../evaluation/pathTree";
import type { WrittenLine } from "../ignoreText";
import { clutterOf } from "../names";
import { docs, type Rule } from "../rule";
import { takenPaths } from "../takenPaths";
import { topmost, type TreeView } from "../treeView";
import { countOf, examplesOf, sizeOf } from "../words";
import { escapePath } from "./escapePath";
import { keepOut } from "./keepOut";

const largeFileBytes = 100 * 1000 * 1000;

/** What tools leave in a folder, and very large files. */
export const clutterSent: Rule = {
  code: "clutter-sent",
  severity: "warning",
  explanation:
    "All of it is read, sent to the daemon and copied into the image, every change in it makes the builder forget what it has cached, and the image does not need it: version history, installed packages, caches, large data.",
  docsUrl: docs.files,
  async *find(state) {
    const { view } = state;
    if (!view) return;
    const evaluation = await view.evaluate();
    const { tree } = view;
    const isTaken = takenPaths(state.subject, tree);
    for (const [name, { what, ids }] of await clutterIn(view, evaluation, isTaken)) {
      const { files, bytes } = sentBelow(ids, evaluation, (id) => !isWanted(state.lineAt(evaluation.decidedBy(id)), name));
      if (files === 0) continue;
      const paths = ids.slice(0, 3).map((id) => tree.pathOf(id));
      yield {
        range: state.blame(evaluation, ids),
        message: `"${name}" is sent, ${what}: ${countOf(files, "file")}, ${sizeOf(bytes)}, in ${examplesOf(paths, ids.length)}.`,
        fixes: [keepOut(state, [`**/${name}`], ids)],
      };
    }
    const large = await view.filter((id) => !tree.isDirectory(id) && tree.bytesOf(id) >= largeFileBytes && evaluation.isSent(id) && isTaken(id));
    for (const id of large) {
      const path = tree.pathOf(id);
      yield {
        range: state.blame(evaluation, [id]),
        message: `"${path}" is sent, a file of ${sizeOf(tree.bytesOf(id))}.`,
        fixes: [keepOut(state, [escapePath(path)], [id])],
      };
    }
  },
};

/** By name, only what is not in other clutter. */
async function clutterIn(view: TreeView, evaluation: Evaluation, isTaken: (id: PathId) => boolean) {
  const { tree } = view;
  const groups = new Map<string, { readonly what: string; readonly ids: PathId[] }>();
  const found = await view.filter((id) => evaluation.isSent(id) && clutterOf(tree.nameOf(id), tree.isDirectory(id)) !== undefined && isTaken(id));
  for (const id of topmost(tree, found)) {
    const name = tree.nameOf(id);
    const what = clutterOf(name, tree.isDirectory(id))?.what ?? "";
    const group = groups.get(name) ?? { what, ids: [] };
    groups.set(name, group);
    group.ids.push(id);
  }
  return groups;
}

/** An exception that names it lets it in on purpose, as `!.git/HEAD` does. */
function isWanted(written: WrittenLine | undefined, name: string): boolean {
  return written?.pattern.exception === true && written.pattern.text.split("/").includes(name);
}

function sentBelow(ids: readonly PathId[], evaluation: Evaluation, counts: (id: PathId) => boolean): { readonly files: number; readonly bytes: number } {
  const { tree } = evaluation;
  let files = 0;
  let bytes = 0;
  for (const id of ids) {
    for (const each of tree.isDirectory(id) ? tree.ids(id) : [id]) {
      if (tree.isDirectory(each) || !evaluation.isSent(each) || !counts(each)) continue;
      files++;
      bytes += tree.bytesOf(each);
    }
  }
  return { files, bytes };
}
