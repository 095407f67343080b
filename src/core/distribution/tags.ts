import * as z from "zod";
import { readAnswer } from "../border/readAnswer";
import { isTag } from "../base/imageReference";
import { listedNames } from "./listedNames";

/** Maximum time of a `Date`, in milliseconds. */
const maxTime = 8.64e15;

const timeText = z.union([z.string(), z.number()]).nullish().catch(undefined);
const listSchema = z.looseObject({
  tags: listedNames,
  /** Google's extension: each image with its tags, and times in milliseconds. */
  manifest: z
    .record(
      z.string(),
      z
        .looseObject({
          tag: z.array(z.unknown()).nullish().catch(undefined),
          timeUploadedMs: timeText,
          timeCreatedMs: timeText,
        })
        .catch({ tag: undefined, timeUploadedMs: undefined, timeCreatedMs: undefined }),
    )
    .nullish()
    .catch(undefined),
});

/** Tag of a repository. */
export interface RegistryTag {
  readonly name: string;
  /** Push time in ISO 8601; undefined for most registries. */
  readonly pushedAt?: string;
}

const byNumber = new Intl.Collator("en", { numeric: true });

/**
 * Compares tags by push time, newest first; tags without different times by name, numerically and in descending order.
 */
function compareTags(one: RegistryTag, other: RegistryTag): number {
  const [time = "", otherTime = ""] = [one.pushedAt, other.pushedAt];
  if (time !== otherTime) return time < otherTime ? 1 : -1;
  return byNumber.compare(other.name, one.name);
}

/**
 * Yields all tags so far in one order after each page, since pages are ordered by name, and the newest tag may be on
 * the last one.
 */
export async function* sortedSoFar(
  pages: AsyncIterable<readonly RegistryTag[]>,
): AsyncGenerator<readonly RegistryTag[]> {
  const known = new Map<string, RegistryTag>();
  let sorted: readonly RegistryTag[] = [];
  for await (const page of pages) {
    const fresh = page.filter(({ name }) => !known.has(name));
    for (const tag of fresh) known.set(tag.name, tag);
    sorted = [...sorted, ...fresh].sort(compareTags);
    yield sorted;
  }
}

/**
 * Reads the tags in a registry's response and sorts them; invalid tags are left out.
 *
 * @throws ImageBuilderError `registryFailed`
 */
export function tagsIn(body: Buffer, host = "The registry"): RegistryTag[] {
  const { tags, manifest } = readAnswer(body, {
    schema: listSchema,
    who: host,
    what: "list of tags",
    code: "registryFailed",
  });
  const times = new Map<string, number>();
  for (const { tag, timeUploadedMs, timeCreatedMs } of Object.values(manifest ?? {})) {
    const time = Number(timeUploadedMs ?? timeCreatedMs);
    if (time > 0 && time <= maxTime) for (const name of tag ?? []) if (typeof name === "string") times.set(name, time);
  }
  const read = (tags ?? []).filter(isTag).map((name) => {
    const time = times.get(name);
    return time === undefined ? { name } : { name, pushedAt: new Date(time).toISOString() };
  });
  return read.sort(compareTags);
}
