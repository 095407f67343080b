import type { IgnorePattern } from "../../dockerignore/parseIgnoreFile";
import { Evaluator } from "../../evaluation/evaluator";
import { PathTree } from "../../tree/pathTree";
import type { WrittenLine } from "./ignoreText";
import type { TreeView } from "./treeView";

/** Number of paths that represent everything a line decides on. */
const witnessesPerLine = 4;

/**
 * Returns the lines that can be deleted, each alone and all together, without changing what is sent. Most lines are
 * found to have an effect on a few of the paths that they decide on, so only the rest are tried on the whole tree.
 */
export async function linesWithoutEffect(lines: readonly WrittenLine[], view: TreeView): Promise<Set<WrittenLine>> {
  const { lines: reports, emptied } = await view.evaluate();
  const witnesses = view.on(new Evaluator(await witnessTree(view)));
  // A line that reverses no verdict can still keep BuildKit from opening a file.
  const isUnused = ({ pattern }: WrittenLine, index: number): boolean =>
    reports[index]?.flips === 0 && emptied.length === 0 && !countsUnmatched(pattern);
  const found = new Set(lines.filter(isUnused));
  const isSameWithout = async (...left: readonly WrittenLine[]): Promise<boolean> => {
    const patterns = left.map(({ pattern }) => pattern);
    return (await witnesses.isSame(witnesses.without(...patterns))) && view.isSame(view.without(...patterns));
  };
  // Of two lines with the same effect, the later one is redundant.
  for (const written of lines.toReversed()) {
    if (!found.has(written) && (await isSameWithout(written)) && (await isSameWithout(...found, written)))
      found.add(written);
  }
  return found;
}

/**
 * Whether a line may have an effect without matching: an exception may keep a folder from being skipped, and non-ASCII
 * characters change how the list is sent.
 */
function countsUnmatched({ exception, text }: IgnorePattern): boolean {
  return exception || !/^[\x20-\x7e]*$/.test(text);
}

/** Returns a tree of the first paths that each line decides on. */
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
