import { registryConfigOf } from "../contracts/registryConfig";
import { registryFlavor } from "./registryFlavor";

/** GitHub's Container Registry, of github.com and of GitHub Enterprise, whose host begins with `containers.`. */
export const githubRegistryFlavor = registryFlavor({
  name: "github",
  displayName: "GitHub Container Registry",
  description: "GitHub Packages at ghcr.io/<account>",
  logo: "github.png",
  configSchema: registryConfigOf(
    (host) => host === "ghcr.io" || /^containers\../.test(host),
    'use a GitHub registry address, such as "ghcr.io/your-account"',
  ),
});
