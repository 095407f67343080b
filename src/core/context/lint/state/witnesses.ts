import type { IgnorePattern } from "../../dockerignore/parseIgnoreFile";
import { Evaluator } from "../../evaluation/evaluator";
import { PathTree } from "../../tree/pathTree";
import type { WrittenLine } from "./ignoreText";
import type { TreeView } from "./treeView";

/** How many paths stand for all that a line decides. */
const witnessesPerLine = 4;

/**
 * The lines that can be taken out, each by itself and all together, without a change to what arrives. Most lines prove
 * their worth on a few of the paths they decide, so that only the others are tried out on the whole tree.
 */
export async function linesWithoutEffect(lines: readonly WrittenLine[], view: TreeView): Promise<Set<WrittenLine>> {
  const { lines: reports, emptied } = await view.evaluate();
  const witnesses = view.on(new Evaluator(await witnessTree(view)));
  // A line that turns no verdict can still keep BuildKit from opening a file.
  const isUnused = ({ pattern }: WrittenLine, index: number): boolean =>
    reports[index]?.flips === 0 && emptied.length === 0 && !countsUnmatched(pattern);
  const found = new Set(lines.filter(isUnused));
  const isSameWithout = async (...left: readonly WrittenLine[]): Promise<boolean> => {
    const patterns = left.map(({ pattern }) => pattern);
    return (await witnesses.isSame(witnesses.without(...patterns))) && view.isSame(view.without(...patterns));
  };
  // Of two lines that do the same, the later one says it again.
  for (const written of lines.toReversed()) {
    if (!found.has(written) && (await isSameWithout(written)) && (await isSameWithout(...found, written)))
      found.add(written);
  }
  return found;
}

/** An exception may keep a folder from being skipped, and characters outside of ASCII change how the list travels. */
function countsUnmatched({ exception, text }: IgnorePattern): boolean {
  return exception || !/^[\x20-\x7e]*$/.test(text);
}

/** The first paths that each line decides, with their kinds. */
async function witnessTree(view: TreeView): Promise<PathTree> {
  const evaluation = await view.evaluate();
  const { tree } = view;
  const counts = new Map<number, number>();
  const witnesses = new PathTree();
  const chosen = await view.filter((id) => {
    const line = evaluation.decidedBy(id);
    const count = counts.get(line ?? -1) ?? 0;
    if (line === undefined || count >= witnessesPerLine) return false;
    counts.set(line, count + 1);
    return true;
  });
  for (const id of chosen) witnesses.add(tree.pathOf(id), tree.kindOf(id), tree.isDirectory(id) ? 0 : tree.bytesOf(id));
  return witnesses;
}
