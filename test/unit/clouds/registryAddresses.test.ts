import assert from "node:assert/strict";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { registryHost } from "../../../src/core/base/imageReference";
import { ecrHost, ecrRegistry, isSameEcrRegistry } from "../../../src/core/clouds/ecrRegistry";
import { awsEndpoint } from "../../../src/core/clouds/amazon/awsCredentials";
import { keptAddress } from "../../../src/core/clouds/keptAddress";
import { googleRegistry } from "../../../src/core/clouds/googleRegistry";
import { azureHost, azureRegistry } from "../../../src/core/clouds/azureRegistry";
import { checkConfiguration } from "../../../src/core/config/checkConfiguration";
import { connectorTypes } from "../../../src/core/connectors/connectorTypes";
import type { RegistryConfig } from "../../../src/core/contracts/registryConfig";
import { FlavorRegistry } from "../../../src/core/flavors/flavorRegistry";
import {
  azureHosts,
  ecrHosts,
  foreignAzureHosts,
  foreignEcrHosts,
  foreignGoogleAddresses,
  foreignHubAddresses,
  googleAddresses,
  hubAddresses,
  publicEcrHosts,
} from "../../support/registryAddresses";

const flavors = new FlavorRegistry();

/** The address as the flavor keeps it; undefined where it is refused. */
function kept(flavor: string, uri: string): string | undefined {
  try {
    const checked = checkConfiguration(flavors.get("container_registry", flavor), {
      name: "mine",
      configuration: { uri },
    });
    return (checked as RegistryConfig).uri;
  } catch (error) {
    assert.ok(ImageBuilderError.is(error, "configurationInvalid"), String(error));
    assert.match(error.message, /uri: (?:use|enter) .*such as/);
    return undefined;
  }
}

/** The id as the connector writes it; undefined where it is refused. */
function canonical(connector: string, id: string, config: object = {}): string | undefined {
  const type = connectorTypes.find(({ name }) => name === connector);
  try {
    return type?.canonicalId(id, config);
  } catch (error) {
    assert.ok(ImageBuilderError.is(error, "connectorInvalid"), String(error));
    return undefined;
  }
}

describe("a registry of Amazon", () => {
  for (const [host, account, region, domain] of ecrHosts) {
    it(`is taken by flavor and connector alike, and asked for at ${domain}: ${host}`, () => {
      const found = { kind: "private", host, account, region, domain };
      assert.deepEqual(ecrHost(host), found);
      assert.deepEqual(ecrHost(host.toUpperCase()), found);
      assert.equal(kept("aws", host), host);
      assert.equal(canonical("aws", host, { region }), host);
      assert.equal(canonical("aws", `https://${host.toUpperCase()}/team/app`), host);
      assert.equal(awsEndpoint("api.ecr", region).host, `api.ecr.${region}.${domain}`);
      assert.equal(connectorTypes.find(({ name }) => name === "aws")?.secretHost?.(host, { region }), domain);
    });
  }

  for (const host of publicEcrHosts) {
    it(`is ECR Public at ${host}, to the connectors of all commercial regions`, () => {
      assert.deepEqual(ecrHost(host), { kind: "public", host, region: "us-east-1", domain: "amazonaws.com" });
      assert.equal(kept("aws", host), host);
      assert.equal(canonical("aws", `https://${host}/team/app`, { region: "eu-west-1" }), host);
      for (const region of ["cn-north-1", "us-gov-west-1"])
        assert.equal(canonical("aws", host, { region }), undefined, region);
    });
  }

  for (const host of foreignEcrHosts) {
    it(`is not ${JSON.stringify(host)}, neither to the flavor nor to the connector`, () => {
      assert.equal(ecrHost(host), undefined);
      for (const text of [host, `https://${host}`]) {
        assert.equal(kept("aws", text), undefined, text);
        assert.equal(canonical("aws", text), undefined, text);
      }
    });
  }

  it("has no path to the flavor, and needs TLS", () => {
    assert.equal(kept("aws", "123456789012.dkr.ecr.us-east-1.amazonaws.com/team"), undefined);
    assert.equal(
      kept("aws", "http://123456789012.dkr.ecr.us-east-1.amazonaws.com"),
      "123456789012.dkr.ecr.us-east-1.amazonaws.com",
    );
  });

  const arns: readonly (readonly [arn: string, host: string | undefined])[] = [
    ["arn:aws:ecr:us-east-1:123456789012:repository/app", "123456789012.dkr.ecr.us-east-1.amazonaws.com"],
    ["arn:aws:ecr:us-east-1:123456789012:repository", "123456789012.dkr.ecr.us-east-1.amazonaws.com"],
    ["arn:aws-cn:ecr:cn-north-1:123456789012:repository/a/b", "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn"],
    ["arn:aws-us-gov:ecr:us-gov-west-1:123456789012:repository/a", "123456789012.dkr.ecr.us-gov-west-1.amazonaws.com"],
    ["arn:aws-eusc:ecr:eusc-de-east-1:123456789012:repository/a", "123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu"],
    ["arn:aws:ecr-public::123456789012:repository/app", "public.ecr.aws"],
    ["arn:aws:s3:us-east-1:123456789012:repository/app", undefined],
    ["arn:aws:ecr:evil.com/:123456789012:repository/app", undefined],
    ["arn:aws:ecr:us-east-1.evil.com:123456789012:repository/app", undefined],
    ["arn:aws:ecr:us-east-1:12345:repository/app", undefined],
  ];
  for (const [arn, host] of arns) it(`is ${host} by ${arn}`, () => assert.equal(ecrRegistry(arn)?.host, host));

  it("is the same one by its host for IPv6, by that of FIPS, and by its usual one", () => {
    const [usual, six, fips, other, far] = [
      "123456789012.dkr.ecr.us-east-1.amazonaws.com",
      "123456789012.dkr-ecr.us-east-1.on.aws",
      "123456789012.dkr.ecr-fips.us-east-1.amazonaws.com",
      "210987654321.dkr.ecr.us-east-1.amazonaws.com",
      "123456789012.dkr.ecr.us-west-2.amazonaws.com",
    ].map((host) => ecrHost(host) ?? assert.fail(host));
    assert.ok(usual && six && fips && other && far);
    assert.ok(isSameEcrRegistry(usual, six) && isSameEcrRegistry(fips, six));
    assert.ok(!isSameEcrRegistry(usual, other) && !isSameEcrRegistry(usual, far));
  });
});

describe("a registry of Google", () => {
  for (const [address, host, project, id] of googleAddresses) {
    it(`is taken by flavor and connector alike: ${address}`, () => {
      assert.deepEqual(googleRegistry(address), { host, project, id });
      const address2 = kept("gcp", address) ?? assert.fail(address);
      assert.equal(registryHost(address2), host);
      assert.equal(googleRegistry(address2)?.id, id);
      assert.ok(!/^http:|[^/]:[^/]/.test(address2), address2);
      assert.equal(canonical("gcp", address), id);
      assert.equal(canonical("gcp", address, { projectId: project }), id);
      assert.equal(canonical("gcp", address, { projectId: "another" }), undefined);
    });
  }

  for (const address of foreignGoogleAddresses) {
    it(`is not ${JSON.stringify(address)}, neither to the flavor nor to the connector`, () => {
      assert.equal(googleRegistry(address), undefined);
      assert.equal(kept("gcp", address), undefined);
      assert.equal(canonical("gcp", address), undefined);
    });
  }

  const resources: readonly (readonly [resource: string, id: string | undefined])[] = [
    ["projects/my-project/locations/europe/repositories/repo", "europe-docker.pkg.dev/my-project/repo"],
    ["projects/example.com:p1/locations/us/repositories/repo", "us-docker.pkg.dev/example.com/p1/repo"],
    ["projects/my-project/locations/us/repositories/gcr.io", "us-docker.pkg.dev/my-project/gcr.io"],
    ["projects/my-project/locations/evil.com/repositories/repo", undefined],
    ["projects/my-project/locations/us/repositories/repo/x", undefined],
  ];
  for (const [resource, id] of resources)
    it(`is ${id} by its resource name ${resource}`, () => assert.equal(canonical("gcp", resource), id));

  it("is the default one of a connector's project, also of a project of a domain", () => {
    const { authMethods = {} } = connectorTypes.find(({ name }) => name === "gcp") ?? {};
    for (const [projectId, id] of [
      ["my-project", "gcr.io/my-project"],
      ["example.com:my-project", "gcr.io/example.com/my-project"],
    ] as const) {
      const named = authMethods["oauth2-token"]?.defaultId?.({ projectId, token: "x" });
      assert.equal(canonical("gcp", named ?? "", { projectId }), id);
    }
    for (const projectId of ["a b", "example.com", "a:b", "example.com:", "x/y", "My-Project"]) {
      const read = authMethods["implicit"]?.configSchema.safeParse({ projectId });
      assert.equal(read?.success, false, projectId);
    }
  });
});

describe("a registry of Azure", () => {
  for (const [host, cloud] of azureHosts) {
    it(`is taken by flavor and connector alike, and is of the cloud ${cloud}: ${host}`, () => {
      assert.equal(azureHost(host)?.cloud.name, cloud);
      assert.equal(azureHost(host.toUpperCase())?.host, host);
      assert.equal(kept("azure", host), host);
      assert.equal(kept("azure", `${host}/team`), `${host}/team`);
      assert.equal(kept("azure", `http://${host}`), host);
      assert.equal(canonical("azure", `https://${host}/app`), host);
    });
  }

  for (const host of foreignAzureHosts) {
    it(`is not ${JSON.stringify(host)}, neither to the flavor nor to the connector`, () => {
      assert.equal(azureHost(host), undefined);
      for (const text of [host, `https://${host}`]) {
        assert.equal(kept("azure", text), undefined, text);
        assert.equal(canonical("azure", text), undefined, text);
      }
    });
  }

  it("may be written by its name alone to the connector", () => {
    assert.equal(azureRegistry("demo")?.host, "demo.azurecr.io");
    assert.equal(azureRegistry("a/b c"), undefined);
  });

  it("binds an account's secrets to the registries of its own cloud", () => {
    const { secretHost } = connectorTypes.find(({ name }) => name === "azure") ?? {};
    const hosts = [undefined, "demo.azurecr.io", "demo.azurecr.us", "demo.eastus.geo.azurecr.io", "demo.azurecr.cn"];
    assert.deepEqual(
      hosts.map((id) => secretHost?.(id, {})),
      ["azurecr.io", "azurecr.io", "azurecr.us", "azurecr.io", "azurecr.cn"],
    );
  });
});

describe("an address at Docker Hub", () => {
  for (const [written, address] of hubAddresses) {
    it(`is taken, and kept as ${address}: ${written}`, () => {
      assert.equal(kept("dockerhub", written), address);
      assert.equal(registryHost(address), "docker.io");
      assert.equal(canonical("docker", kept("dockerhub", written) ?? ""), "docker.io");
      assert.equal(registryHost(keptAddress("dockerhub", written)), "docker.io");
    });
  }

  for (const written of foreignHubAddresses)
    it(`is not ${JSON.stringify(written)}`, () => assert.equal(kept("dockerhub", written), undefined));

  it("is read so by its own flavor alone", () => {
    assert.equal(kept("default", "zenml"), undefined);
    assert.equal(keptAddress("default", "zenml"), "zenml");
  });
});

describe("an address that is read", () => {
  it("takes linear time, however long it is", () => {
    const long = 2_000_000;
    for (const part of ["a", "1", ".", "-", "/", ":", "a.", "a-", "%", " "]) {
      const text = part.repeat(long);
      for (const read of [ecrHost, ecrRegistry, googleRegistry, azureHost, azureRegistry])
        assert.equal(read(text), undefined);
    }
  });
});
