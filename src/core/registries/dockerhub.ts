import { hubAddress } from "../clouds/hubAddress";
import { registryConfigOf } from "../contracts/registryConfig";
import { registryFlavor } from "./registryFlavor";

/** Flavor for Docker Hub, by any of its names. */
export const dockerhubRegistryFlavor = registryFlavor({
  name: "dockerhub",
  displayName: "Docker Hub",
  description: "Docker Hub at docker.io/<your account>",
  logo: "docker.png",
  connectorType: "docker",
  configSchema: registryConfigOf(
    hubAddress,
    'use a Docker Hub address or account, such as "docker.io/your-account" or "your-account"',
  ),
});
