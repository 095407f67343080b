import * as z from "zod";

const listSchema = z.looseObject({
  tags: z.array(z.string()).nullish(),
  /** Google's addition: each image with its tags and times in milliseconds. */
  manifest: z.record(z.string(), z.looseObject({ tag: z.array(z.string()).nullish(), timeUploadedMs: z.string().nullish(), timeCreatedMs: z.string().nullish() })).nullish(),
});

/** A tag of a repository. */
export interface RegistryTag {
  readonly name: string;
  /** ISO 8601, when it was pushed; most registries do not tell. */
  readonly pushedAt?: string;
}

const byNumber = new Intl.Collator("en", { numeric: true });

/** The tags in a registry's answer: the newest first where it tells, else by name with numbers as numbers, the greatest first. */
export function tagsIn(body: Buffer): RegistryTag[] {
  const { tags, manifest } = listSchema.safeParse(JSON.parse(body.toString("utf8"))).data ?? {};
  const times = new Map<string, number>();
  for (const { tag, timeUploadedMs, timeCreatedMs } of Object.values(manifest ?? {})) {
    const time = Number(timeUploadedMs ?? timeCreatedMs);
    if (time > 0) for (const name of tag ?? []) times.set(name, time);
  }
  const sorted = [...(tags ?? [])].sort((one, other) => (times.get(other) ?? 0) - (times.get(one) ?? 0) || byNumber.compare(other, one));
  return sorted.map((name) => {
    const time = times.get(name);
    return time === undefined ? { name } : { name, pushedAt: new Date(time).toISOString() };
  });
}
