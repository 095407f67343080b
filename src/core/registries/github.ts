import { registryHost } from "../base/imageReference";
import { registryConfigOf } from "../contracts/registryConfig";
import { registryFlavor } from "./registryFlavor";

/**
 * Flavor for GitHub's Container Registry, on github.com and on GitHub Enterprise, whose host starts with `containers.`.
 */
export const githubRegistryFlavor = registryFlavor({
  name: "github",
  displayName: "GitHub Container Registry",
  description: "GitHub Packages at ghcr.io/<account>",
  logo: "github.png",
  configSchema: registryConfigOf(
    (uri) => (isGitHub(registryHost(uri)) ? uri : undefined),
    'use a GitHub registry address, such as "ghcr.io/your-account"',
  ),
});

function isGitHub(host: string): boolean {
  return host === "ghcr.io" || /^containers\../.test(host);
}
