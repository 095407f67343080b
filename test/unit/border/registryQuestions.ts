import type { RegistryClient } from "../../../src/core/distribution/registryClient";

/** The repository that the recorded answers are of. */
export const repository = "team/recorded";
const digest = `sha256:${"a".repeat(64)}`;

/** The items of all pages. */
export async function all<Item>(pages: AsyncIterable<readonly Item[]>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of pages) items.push(...page);
  return items;
}

/** All that is asked of a registry and of its token service. */
export const questions: Readonly<Record<string, (client: RegistryClient) => Promise<unknown>>> = {
  "whether it answers": (client) => client.ping(),
  "its repositories": (client) => all(client.repositories()),
  "its tags": (client) => all(client.tags(repository)),
  "a manifest by tag": (client) => client.manifest(repository, "1.0"),
  "a manifest by digest": (client) => client.manifest(repository, digest),
  "a configuration": (client) =>
    client.imageConfig(repository, {
      kind: "image",
      digest,
      mediaType: "",
      annotations: {},
      sizeBytes: 0,
      layers: [],
      config: { digest, sizeBytes: 0, mediaType: "" },
    }),
  "a digest": (client) => client.digestOf(repository, "1.0"),
  "to delete a tag": (client) => client.deleteTag(repository, "1.0"),
  "whether one may push": (client) => client.checkMayPush(repository),
};
