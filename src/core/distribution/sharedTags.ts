import type { RegistryClient } from "./registryClient";

/** Tags of one image, among those that were checked. */
export interface SharedTags {
  readonly names: readonly string[];
  /** Number of tags that were not checked. */
  readonly unknown: number;
}

/** Parameters of a search for an image's tags. */
export interface SharedTagsOptions {
  readonly repository: string;
  readonly digest: string;
  /** Tags to check, the most likely first. */
  readonly tags: readonly string[];
  /** Maximum number of tags to check; default is 100. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

const atOnce = 8;

/** Finds the tags of an image with one request per tag, since no registry API lists them. */
export async function sharedTags(
  client: RegistryClient,
  { repository, digest, tags, limit = 100, signal }: SharedTagsOptions,
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
