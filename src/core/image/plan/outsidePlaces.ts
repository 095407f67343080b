import { definitionInvalid } from "../definition/check";
import type { Places } from "../files/confinement";
import { OutsideError, type ConfirmOutside, type OutsideUse } from "../files/outsideError";
import type { ImagePlaces } from "../resolve/places";

/** Maximum number of files and folders outside the workspace in one question, so that all of them can be read. */
const mostAtOnce = 10;

/** Maximum number of files and folders outside the workspace that an image may use. */
export const mostUses = 100;

/**
 * Does work with the files of an image, and asks the person about those outside the workspace before any of them is
 * read. The work begins again after each question, since a link may have changed while it was open.
 *
 * @param places without `confirmOutside`, the limit applies as it is
 * @throws ImageBuilderError `sourceNotConfirmed`; `imageInvalid` for too many places; errors of the work
 */
export async function withOutside<Result>(
  places: ImagePlaces,
  work: (places: ImagePlaces) => Result | Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  const { confirmOutside } = places;
  for (let { within } = places; ;) {
    try {
      return await work({ ...places, within });
    } catch (error) {
      if (!(error instanceof OutsideError) || !within || !confirmOutside) throw error;
      within = await allowed(error.uses, within, confirmOutside, signal);
    }
  }
}

async function allowed(
  uses: readonly OutsideUse[],
  within: Places,
  confirm: ConfirmOutside,
  signal: AbortSignal | undefined,
): Promise<Places> {
  const distinct = [...new Map(uses.map((use) => [`${use.kind} ${use.path}`, use])).values()];
  const all = [...(within.allowed ?? []), ...distinct];
  if (all.length > mostUses)
    throw definitionInvalid(
      "image",
      `the image uses more than ${mostUses} files and folders outside the workspace. ` +
        "Move them into the workspace, or open their folder in it.",
    );
  await confirmEach(distinct, confirm, signal);
  return { ...within, allowed: all };
}

/**
 * Asks about uses in groups that can be read at once.
 *
 * @throws ImageBuilderError `sourceNotConfirmed`
 */
export async function confirmEach(
  uses: readonly OutsideUse[],
  confirm: ConfirmOutside,
  signal?: AbortSignal,
): Promise<void> {
  for (const kind of ["files", "names"] as const) {
    const same = uses.filter((use) => use.kind === kind).sort((a, b) => (a.path < b.path ? -1 : 1));
    for (let at = 0; at < same.length; at += mostAtOnce) await confirm(same.slice(at, at + mostAtOnce), signal);
  }
}
