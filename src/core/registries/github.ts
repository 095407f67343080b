import { registryHost } from "../base/imageReference";
import { registryConfigOf } from "../contracts/registryConfig";
import { registryFlavor } from "./registryFlavor";

/** GitHub's Container Registry, of github.com and of GitHub Enterprise, whose host begins with `containers.`. */
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
