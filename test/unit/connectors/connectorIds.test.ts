import assert from "node:assert/strict";
import { signedHeaders } from "../../../src/core/clouds/amazon/signature";
import { connectorTypes } from "../../../src/core/connectors/connectorTypes";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { configJsonSchema } from "../../../src/core/config/configJsonSchema";

const canonical = (type: string, id: string, config: object = {}) =>
  connectorTypes.find(({ name }) => name === type)?.canonicalId(id, config);

describe("a connector's registry", () => {
  const ids: readonly (readonly [type: string, id: string, canonical: string])[] = [
    ["docker", "https://index.docker.io/v1/x", "docker.io"],
    ["docker", "http://h:5000/a", "h:5000"],
    ["docker", "docker.io/me", "docker.io"],
    ["docker", "registry-1.docker.io", "docker.io"],
    ["docker", "ghcr.io/team/app", "ghcr.io"],
    ["docker", "GHCR.io", "ghcr.io"],
    ["docker", "http://[::1]:5000/v2/", "[::1]:5000"],
    ["docker", "[FD00::2]", "[fd00::2]"],
    ["gcp", "gcr.io/my-project", "gcr.io/my-project"],
    ["gcp", "https://eu.gcr.io/my-project/app", "eu.gcr.io/my-project"],
    ["gcp", "europe-west1-docker.pkg.dev/my-project/repo/app", "europe-west1-docker.pkg.dev/my-project/repo"],
    ["gcp", "projects/my-project/locations/europe/repositories/repo", "europe-docker.pkg.dev/my-project/repo"],
    ["aws", "arn:aws:ecr:us-east-1:123456789012:repository/app", "123456789012.dkr.ecr.us-east-1.amazonaws.com"],
    ["aws", "https://123456789012.dkr.ecr.us-east-1.amazonaws.com/app", "123456789012.dkr.ecr.us-east-1.amazonaws.com"],
    ["aws", "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn"],
    ["aws", "public.ecr.aws/team/app", "public.ecr.aws"],
    ["azure", "https://demo.azurecr.io/app", "demo.azurecr.io"],
    ["azure", "demo", "demo.azurecr.io"],
    ["azure", "Demo.azurecr.io", "demo.azurecr.io"],
  ];
  const rows: Readonly<Record<string, string>> = { docker: "[Z140]", gcp: "[Z144]", aws: "[Z145]", azure: "[Z146]" };
  for (const [type, id, expected] of ids)
    it(`${id} is ${expected} to ${type} ${rows[type]}`, () => assert.equal(canonical(type, id), expected));

  const refused: readonly (readonly [type: string, id: string, config: object, message: RegExp])[] = [
    ["docker", "a b", {}, /is not a registry address/],
    ["docker", "user:pass@host", {}, /is not a registry address/],
    ["docker", "::1:5000", {}, /is not a registry address/],
    ["gcp", "xgcrxio/my-project", {}, /is not a Google registry/],
    ["gcp", "gcr.io", {}, /is not a Google registry/],
    ["gcp", "evil.example/gcr.io/p", {}, /is not a Google registry/],
    [
      "gcp",
      "gcr.io/other",
      { projectId: "my-project" },
      /in the project "other", but the connector is for "my-project"/,
    ],
    ["aws", "public.ecr.aws.evil.example", {}, /is not an ECR registry/],
    ["aws", "public.ecr.aws", { region: "cn-north-1" }, /is not available in the region "cn-north-1"/],
    [
      "aws",
      "123456789012.dkr.ecr.eu-west-1.amazonaws.com",
      { region: "us-east-1" },
      /in the region "eu-west-1", but the connector is for "us-east-1"/,
    ],
    ["azure", "demo.azurecr.io.evil.example", {}, /is not an Azure registry/],
  ];
  for (const [type, id, config, message] of refused) {
    it(`is not ${id} to ${type} ${rows[type]}`, () => {
      assert.throws(
        () => canonical(type, id, config),
        (error) => ImageBuilderError.is(error, "connectorInvalid") && message.test(error.message),
      );
    });
  }
});

describe("the kinds of connector", () => {
  const methods: Readonly<Record<string, readonly string[]>> = {
    docker: ["password"],
    gcp: ["implicit", "user-account", "service-account", "external-account", "oauth2-token", "impersonation"],
    azure: ["implicit", "service-principal", "access-token"],
    aws: ["implicit", "secret-key", "sts-token", "iam-role", "session-token", "federation-token"],
  };
  const marks: Readonly<Record<string, string>> = { docker: "Z140", gcp: "Z144", aws: "Z145", azure: "Z146" };
  for (const type of connectorTypes) {
    it(`have ${type.name} with ZenML's methods, each with a schema that can be shown [${marks[type.name]}]`, () => {
      assert.deepEqual(Object.keys(type.authMethods), methods[type.name]);
      assert.equal(type.resourceType, "docker-registry");
      for (const [name, { configSchema }] of Object.entries(type.authMethods))
        assert.equal(configJsonSchema({ name, configSchema }).type, "object");
    });
  }
});

describe("Amazon's signature", () => {
  // Of Amazon's own test suite: post-vanilla and post-x-www-form-urlencoded.
  const vectors = [
    [{}, "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"],
    [
      { "content-type": "application/x-www-form-urlencoded" },
      "Param1=value1",
      "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
    ],
  ] as const;
  for (const [headers, body, signature] of vectors) {
    it(`is as in Amazon's test suite for ${JSON.stringify(body)}`, () => {
      const request = {
        url: new URL("https://example.amazonaws.com/"),
        service: "service",
        region: "us-east-1",
        headers,
        body,
      };
      const keys = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
      assert.ok(
        signedHeaders(request, keys, new Date("2015-08-30T12:36:00Z"))["authorization"]?.endsWith(
          `Signature=${signature}`,
        ),
      );
    });
  }
});
