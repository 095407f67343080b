import { ImageBuilderError } from "../base/errors";
import { parseImageReference } from "../base/imageReference";
import type { ContainerRegistry } from "../contracts/containerRegistry";
import type { Manifest } from "../distribution/manifest";
import { RegistryClient } from "../distribution/registryClient";
import type { ImageChecker } from "./imageChecker";

/** Creates a checker that requests an image's manifest from its registry, with the registry's own credentials. */
export function registryChecker(registry: ContainerRegistry): ImageChecker {
  return {
    async find({ uri, platform }, signal) {
      registry.checkOwns(uri);
      const { path, name, tag = "latest" } = parseImageReference(uri);
      const manifest = await manifestOf(new RegistryClient(registry.place(signal)), path, tag, signal);
      return manifest && hasPlatforms(manifest, platform) ? { repoDigest: `${name}@${manifest.digest}` } : undefined;
    },
  };
}

async function manifestOf(
  client: RegistryClient,
  repository: string,
  tag: string,
  signal: AbortSignal | undefined,
): Promise<Manifest | undefined> {
  try {
    return await client.manifest(repository, tag, signal);
  } catch (error) {
    if (ImageBuilderError.is(error, "registryNotFound")) return undefined;
    throw error;
  }
}

/** Whether a manifest has all platforms. One without an index has one platform, which the tag already covers. */
function hasPlatforms(manifest: Manifest, wanted: readonly string[]): boolean {
  if (manifest.kind === "artifact") return false;
  if (manifest.kind !== "index") return wanted.length <= 1;
  const found = manifest.entries.flatMap(({ platform }) => platform ?? []);
  return wanted.every((each) => found.some((platform) => platform === each || platform.startsWith(`${each}/`)));
}
