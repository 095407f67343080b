import { ImageBuilderError } from "../../base/errors";
import { shorten } from "../../text/shorten";

/** Use of a file or folder outside the workspace. */
export interface OutsideUse {
  /** `files`: reads the file, or all files in the folder. `names`: lists the names of the folders in it. */
  readonly kind: "files" | "names";
  /** Absolute path without links. */
  readonly path: string;
}

/**
 * Asks whether an image may use files outside the workspace. All uses in one call have the same kind.
 *
 * @throws ImageBuilderError `sourceNotConfirmed`; the signal's reason
 */
export type ConfirmOutside = (uses: readonly OutsideUse[], signal?: AbortSignal) => Promise<void>;

/** Longest path in a message, in characters. */
const longestPath = 300;

/** Thrown for files outside the workspace, none of which was read; the person may be asked about all of them. */
export class OutsideError extends ImageBuilderError {
  constructor(readonly uses: readonly OutsideUse[]) {
    const [first] = uses;
    const more = uses.length > 1 ? ` and ${uses.length - 1} more` : "";
    super(
      "sourceNotConfirmed",
      `"${shorten(first?.path ?? "", longestPath)}"${more} outside the workspace's folders can't be used without ` +
        "your permission. Review and allow it, or move it into the workspace.",
    );
  }
}

/**
 * Runs an action on each item. Files outside the workspace stop it for their item only, so that the person is asked
 * about those of all items together.
 *
 * @throws OutsideError with all of them; other errors at once
 */
export function forAll<Item, Result>(items: Iterable<Item>, act: (item: Item) => Result): Result[] {
  const results: Result[] = [];
  const outside: OutsideUse[] = [];
  for (const item of items) {
    try {
      results.push(act(item));
    } catch (error) {
      if (!(error instanceof OutsideError)) throw error;
      for (const use of error.uses) outside.push(use);
    }
  }
  if (outside.length > 0) throw new OutsideError(outside);
  return results;
}
