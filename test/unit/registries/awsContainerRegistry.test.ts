import assert from "node:assert/strict";
import { silentLog } from "../../../src/core/base/log";
import type { ConnectorLink } from "../../../src/core/contracts/connectorLink";
import type { HttpClient } from "../../../src/core/http/httpClient";
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

describe("the repositories of an ECR registry whose connector fails", () => {
  const expired = new ImageBuilderError("connectorExpired", "The connector has expired.");
  const connector = { awsSignIn: () => Promise.reject(expired) } as unknown as ConnectorLink;

  it("are not listed with this machine's credentials where connectors may not use those", async () => {
    let requests = 0;
    const http = { send: () => Promise.reject(new Error(`request ${++requests}`)) } as unknown as HttpClient;
    const registry = new AwsContainerRegistry(
      "mine",
      { uri: "715803424592.dkr.ecr.us-east-1.amazonaws.com", createMissingRepositories: true },
      {
        engine: createEngineAccess({ dockerHost: "unix:///nowhere/docker.sock" }),
        credentials: { find: async () => undefined },
        connector,
        cloud: {
          http,
          env: { AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" },
          log: silentLog,
          allowImplicit: false,
        },
      },
    );
    await assert.rejects(registry.repositories(), (error) => error === expired);
    assert.equal(requests, 0);
  });
});
