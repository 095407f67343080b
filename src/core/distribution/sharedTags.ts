import type { RegistryClient } from "./registryClient";

/** Which tags lead to one image, as far as they were looked at. */
export interface SharedTags {
  readonly names: readonly string[];
  /** How many were not looked at. */
  readonly unknown: number;
}

/** What is asked about the tags of an image. */
export interface SharedTagsQuestion {
  readonly repository: string;
  readonly digest: string;
  /** The likeliest first. */
  readonly tags: readonly string[];
  /** How many to look at; default is 100. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

const atOnce = 8;

/** Asks a registry tag by tag which of them lead to an image, since no registry tells it otherwise. */
export async function sharedTags(
  client: RegistryClient,
  { repository, digest, tags, limit = 100, signal }: SharedTagsQuestion,
): Promise<SharedTags> {
  const asked = tags.slice(0, limit);
  const digests: (string | undefined)[] = [];
  const next = asked.keys();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const at of next) digests[at] = await client.digestOf(repository, asked[at] ?? "", signal);
    }),
  );
  return { names: asked.filter((_, at) => digests[at] === digest), unknown: tags.length - asked.length };
}
