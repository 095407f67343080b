import assert from "node:assert/strict";
import { FlavorRegistry } from "../../../src/core/flavors/flavorRegistry";
import { configJsonSchema } from "../../../src/core/config/configJsonSchema";
import { describeFlavor } from "../../../src/core/contracts/describeFlavor";
import { checkConfiguration } from "../../../src/core/config/checkConfiguration";
import { flavorDocsUrl, flavorSdkDocsUrl } from "../../../src/core/contracts/zenmlUrls";
import { ImageBuilderError } from "../../../src/core/base/errors";

const flavors = new FlavorRegistry();
const logos = "https://public-flavor-logos.s3.eu-central-1.amazonaws.com";

describe("the flavors that come built in", () => {
  const registries: readonly (readonly [name: string, logo: string, connectorType: string | undefined])[] = [
    ["default", "local.svg", undefined],
    ["dockerhub", "docker.png", "docker"],
    ["gcp", "gcp.png", "gcp"],
    ["azure", "azure.png", "azure"],
    ["github", "github.png", undefined],
    ["aws", "aws.png", "aws"],
  ];
  for (const [name, logo, connectorType] of registries) {
    it(`have the registry ${name} with ZenML's logo, pages and connector [Z4][Z33][Z129]`, () => {
      const flavor = flavors.get("container_registry", name);
      assert.equal(flavor.logoUrl, `${logos}/container_registry/${logo}`);
      assert.equal(flavor.docsUrl, `https://docs.zenml.io/stack-components/container-registries/${name}`);
      assert.match(
        flavor.sdkDocsUrl ?? "",
        /^https:\/\/sdkdocs\.zenml\.io\/latest\/(core_code_docs\/core-c|integration_code_docs\/i)[a-z_-]+\/#zenml\./,
      );
      assert.deepEqual(flavor.serviceConnectorRequirements, {
        ...(connectorType && { connectorType }),
        resourceType: "docker-registry",
        resourceIdAttribute: "uri",
      });
    });
  }

  it("have the builder local, which takes no connector [Z3][Z5]", () => {
    const flavor = flavors.get("image_builder", "local");
    assert.equal(flavor.type, "image_builder");
    assert.equal(flavor.logoUrl, `${logos}/image_builder/local.svg`);
    assert.equal(flavor.docsUrl, "https://docs.zenml.io/stack-components/image-builders/local");
    assert.equal(
      flavor.sdkDocsUrl,
      "https://sdkdocs.zenml.io/latest/core_code_docs/core-image_builders/#zenml.image_builders.local_image_builder",
    );
    assert.equal(flavor.serviceConnectorRequirements, undefined);
  });

  it("make their pages by ZenML's pattern, of the latest release and of an old one [Z7][Z8]", () => {
    assert.equal(
      flavorDocsUrl("container_registry", "my_own"),
      "https://docs.zenml.io/stack-components/container-registries/my-own",
    );
    assert.equal(
      flavorDocsUrl("image_builder", "local", "0.55.0"),
      "https://zenml-io.gitbook.io/zenml-legacy-documentation/v/0.55.0/stack-components/image-builders/local",
    );
    assert.equal(
      flavorSdkDocsUrl("image_builder", "zenml.integrations.kaniko.flavors", {
        version: "0.60.0",
        integration: "kaniko",
      }),
      "https://sdkdocs.zenml.io/0.60.0/integration_code_docs/integrations-kaniko/#zenml.integrations.kaniko.flavors",
    );
  });

  it("tell their configuration as JSON Schema, made of the schema that validates [Z6]", () => {
    const schema = configJsonSchema(flavors.get("container_registry", "aws"));
    assert.deepEqual(schema.required, ["uri"]);
    assert.deepEqual(Object.keys(schema.properties ?? {}), [
      "uri",
      "authenticationSecret",
      "defaultRepository",
      "insecure",
      "createMissingRepositories",
    ]);
    assert.equal(schema.properties?.["createMissingRepositories"]?.default, false);
  });

  it("are described with their fields and whether a connector fits [Z52]", () => {
    const github = describeFlavor(flavors.get("container_registry", "github"));
    assert.deepEqual(
      github.fields.map(({ name, required }) => [name, required]),
      [
        ["uri", true],
        ["authenticationSecret", false],
        ["defaultRepository", false],
        ["insecure", false],
      ],
    );
    assert.equal(github.connectorSupport, 'Supports any connector for the resource type "docker-registry".');
    assert.match(
      describeFlavor(flavors.get("container_registry", "gcp")).connectorSupport,
      /a connector of type "gcp"/,
    );
    assert.equal(
      describeFlavor(flavors.get("image_builder", "local")).connectorSupport,
      "Connectors are not supported.",
    );
  });

  const addresses: readonly (readonly [flavor: string, uri: string, isIts: boolean])[] = [
    ["gcp", "europe-west1-docker.pkg.dev/project/repository", true],
    ["gcp", "gcr.io/project", true],
    ["gcp", "eu.gcr.io/project", true],
    ["gcp", "evil-gcr.io/project", false],
    ["gcp", "europe-docker.pkg.dev.evil.example/project", false],
    ["azure", "demo.azurecr.io", true],
    ["azure", "Demo.azurecr.io/", true],
    ["azure", "demo.azurecr.cn/team", true],
    ["azure", "azurecr.io", false],
    ["github", "ghcr.io/team", true],
    ["github", "containers.github.example.com/team", true],
    ["github", "docker.io/team", false],
    ["aws", "715803424592.dkr.ecr.us-east-1.amazonaws.com", true],
    ["aws", "715803424592.dkr.ecr.us-east-1.amazonaws.com/", true],
    ["aws", "715803424592.dkr.ecr.cn-north-1.amazonaws.com.cn", true],
    ["aws", "715803424592.dkr.ecr.us-east-1.amazonaws.com/team", false],
    ["aws", "public.ecr.aws/team", false],
    ["dockerhub", "index.docker.io/me", true],
    ["dockerhub", "ghcr.io/me", false],
  ];
  for (const [name, uri, isIts] of addresses) {
    it(`${isIts ? "take" : "refuse"} ${uri} as an address of ${name} [Z117]${name === "aws" ? "[Z130]" : ""}`, () => {
      const check = (): object =>
        checkConfiguration(flavors.get("container_registry", name), { name: "mine", configuration: { uri } });
      if (isIts) assert.equal((check() as { uri: string }).uri, uri.replace(/\/$/, ""));
      else
        assert.throws(
          check,
          (error) => ImageBuilderError.is(error, "configurationInvalid") && /uri: use .*such as/.test(error.message),
        );
    });
  }
});
