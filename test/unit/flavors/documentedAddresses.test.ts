import assert from "node:assert/strict";
import { checkConfiguration } from "../../../src/core/config/checkConfiguration";
import { registryHost } from "../../../src/core/base/imageReference";
import { FlavorRegistry } from "../../../src/core/flavors/flavorRegistry";

/** The examples of ZenML's documentation, by flavor, with the host that is asked. */
const addresses: readonly (readonly [flavor: string, uri: string, host: string])[] = [
  ["default", "localhost:5000", "localhost:5000"],
  ["default", "localhost:8000", "localhost:8000"],
  ["default", "localhost:9999", "localhost:9999"],
  ["default", "docker.io/myusername", "docker.io"],
  ["default", "somethingelse.com", "somethingelse.com"],
  ["default", "715803424592.dkr.ecr.eu-west-2.amazonaws.com", "715803424592.dkr.ecr.eu-west-2.amazonaws.com"],
  ["dockerhub", "docker.io/zenml", "docker.io"],
  ["dockerhub", "docker.io/my-username", "docker.io"],
  ["github", "ghcr.io/zenml", "ghcr.io"],
  ["github", "ghcr.io/my-username", "ghcr.io"],
  ["github", "ghcr.io/my-organization", "ghcr.io"],
  ["gcp", "europe-west1-docker.pkg.dev/zenml-project/zenml-repo", "europe-west1-docker.pkg.dev"],
  ["gcp", "us-docker.pkg.dev/my-project/my-repo", "us-docker.pkg.dev"],
  ["gcp", "gcr.io/zenml-project", "gcr.io"],
  ["azure", "zenmlregistry.azurecr.io", "zenmlregistry.azurecr.io"],
  ["azure", "myregistry.azurecr.io", "myregistry.azurecr.io"],
];

describe("an address that ZenML documents", () => {
  const flavors = new FlavorRegistry();
  for (const [flavor, uri, host] of addresses) {
    it(`is taken by the flavor ${flavor}: ${uri}`, () => {
      for (const written of [uri, `${uri}/`]) {
        const configuration = { uri: written };
        const config = checkConfiguration(flavors.get("container_registry", flavor), { name: "mine", configuration });
        assert.equal("uri" in config && registryHost(String(config.uri)), host);
      }
    });
  }
});
