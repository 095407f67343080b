import { googleAddress } from "../clouds/googleRegistry";
import { registryConfigOf } from "../contracts/registryConfig";
import { registryFlavor } from "./registryFlavor";

/** Flavor for Google's Artifact Registry, and for Container Registry, which it replaced. */
export const gcpRegistryFlavor = registryFlavor({
  name: "gcp",
  displayName: "Google Artifact Registry",
  description: "Artifact Registry at <location>-docker.pkg.dev/<project>/<repository>, or gcr.io/<project>",
  logo: "gcp.png",
  connectorType: "gcp",
  configSchema: registryConfigOf(
    googleAddress,
    "use the address of a Google registry with its project, such as " +
      '"europe-docker.pkg.dev/my-project/my-repository" or "eu.gcr.io/my-project"',
  ),
});
