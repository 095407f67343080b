import type { ConnectorServices } from "../clouds/connectorType";
import type { RegistryTokens } from "../credentials/registryTokens";

/**
 * Creates the source of registry tokens. Its module is loaded, and registries are contacted, only when the daemon
 * requests credentials.
 *
 * @param isInsecure whether a registry may be contacted without verified TLS
 */
export function lazyTokens(
  isInsecure: (host: string) => Promise<boolean>,
  http: ConnectorServices["http"] | undefined,
): RegistryTokens {
  let loaded: Promise<RegistryTokens> | undefined;
  const load = async (): Promise<RegistryTokens> => {
    const { DistributionTokens } = await import("../distribution/registryTokens");
    return new DistributionTokens((host) => ({ insecure: () => isInsecure(host), http }));
  };
  return {
    schemeOf: async (...question) => (await (loaded ??= load())).schemeOf(...question),
    fetch: async (...question) => (await (loaded ??= load())).fetch(...question),
    whyRefused: async (...question) => (await (loaded ??= load())).whyRefused(...question),
  };
}
