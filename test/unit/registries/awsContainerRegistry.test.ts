import assert from "node:assert/strict";
import { createEngineAccess } from "../../../src/core/engine/engineAccess";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { AwsContainerRegistry } from "../../../src/core/registries/awsContainerRegistry";

const regionOf = (uri: string): string =>
  new AwsContainerRegistry(
    "mine",
    { uri, createMissingRepositories: false },
    {
      engine: createEngineAccess({ dockerHost: "unix:///nowhere/docker.sock" }),
      credentials: { find: async () => undefined },
    },
  ).region;

describe("the region of an ECR registry", () => {
  for (const [uri, region] of [
    ["715803424592.dkr.ecr.us-east-1.amazonaws.com", "us-east-1"],
    ["715803424592.dkr.ecr.cn-north-1.amazonaws.com.cn", "cn-north-1"],
    ["715803424592.dkr.ecr-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1"],
  ] as const) {
    it(`is ${region} at ${uri} [Z131]`, () => assert.equal(regionOf(uri), region));
  }

  for (const uri of [
    "public.ecr.aws",
    "715803424592.dkr.ecr.amazonaws.com",
    "715803424592.dkr.ecr.us-east-1.amazonaws.com.evil.example",
    "ghcr.io",
  ]) {
    it(`is not told by ${uri} [Z131]`, () => {
      assert.throws(
        () => regionOf(uri),
        (error) =>
          ImageBuilderError.is(error, "configurationInvalid") && error.message.includes(`"${uri}" contains no region`),
      );
    });
  }
});
