import assert from "node:assert/strict";
import type { ImplementationServices } from "../../../src/core/contracts/services";
import { createEngineAccess } from "../../../src/core/engine/engineAccess";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { ContainerRegistry } from "../../../src/core/contracts/containerRegistry";
import type { Component } from "../../../src/core/base/component";
import { createComponent } from "../../../src/core/flavors/createComponent";
import { FlavorRegistry } from "../../../src/core/flavors/flavorRegistry";
import { connectorsOf } from "../../support/connectors";
import { recordingOperation } from "../../support/operation";

const services: ImplementationServices = {
  engine: createEngineAccess({ dockerHost: "unix:///nowhere/docker.sock" }),
  credentials: {
    async find(host, { secretName } = {}) {
      return host === "ghcr.io"
        ? { credentials: { username: "u", password: "p" }, source: `secret ${secretName ?? "none"}` }
        : undefined;
    },
  },
};
const at = (uri: string, authenticationSecret?: string): ContainerRegistry =>
  new ContainerRegistry("mine", { uri, authenticationSecret }, services);

describe("ContainerRegistry", () => {
  const local: readonly (readonly [uri: string, isLocal: boolean])[] = [
    ["localhost:5000", true],
    ["localhost:50000", true],
    ["localhost:80", false],
    ["localhost:5000/x", false],
    ["127.0.0.1:5000", false],
    ["http://localhost:5000", false],
  ];
  for (const [uri, isLocal] of local) {
    it(`at ${uri} is ${isLocal ? "" : "not "}local [Z118]`, () => assert.equal(at(uri).isLocal, isLocal));
  }

  it("asks for the credentials of its host, with the secret its configuration names [Z120]", async () => {
    assert.equal((await at("ghcr.io/team", "team").credentials())?.source, "secret team");
    assert.equal(await at("127.0.0.1:5000").credentials(), undefined);
  });

  it("needs credentials where its configuration names a secret [Z116][Z119]", () => {
    assert.ok(at("ghcr.io/team", "team").requiresAuthentication);
    assert.ok(!at("ghcr.io/team").requiresAuthentication);
  });

  it("asks its secret first, then its connector, then Docker's own [Z120]", async () => {
    const record = {
      name: "linked",
      type: "docker",
      authMethod: "password",
      configuration: { username: "me", password: "{{logins.me}}", registry: "ghcr.io" },
    };
    const connectors = connectorsOf([record], { logins: { me: "s3cr3t" } });
    const source = async (more: Partial<Component>) => {
      const component: Component = {
        name: "mine",
        type: "container_registry",
        flavor: "default",
        configuration: { uri: "ghcr.io/team" },
        ...more,
      };
      return (
        await (
          await createComponent("container_registry", component, new FlavorRegistry(), { ...services, connectors })
        ).credentials()
      )?.source;
    };
    assert.equal(
      await source({ connector: "linked", configuration: { uri: "ghcr.io/team", authenticationSecret: "team" } }),
      "secret team",
    );
    assert.equal(await source({ connector: "linked" }), 'the connector "linked"');
    assert.equal(await source({}), "secret none");
  });

  it("says how a name must begin, without the scheme of its address", () => {
    assert.throws(
      () => at("http://127.0.0.1:5000/team").checkOwns("127.0.0.1:5000/app:1"),
      /must begin with "127\.0\.0\.1:5000\/team\/"/,
    );
    assert.throws(() => at("https://index.docker.io/v1/").checkOwns("ghcr.io/app:1"), /must begin with "docker\.io\/"/);
  });

  it("refuses a foreign name before it reaches for the daemon [Z126][Z127][Z128]", async () => {
    for (const imageName of ["ghcr.io/team2/app:1", "ghcr.io/app:1", "docker.io/team/app:1"]) {
      await assert.rejects(at("ghcr.io/team").pushImage(imageName, recordingOperation()), (error) => {
        return (
          ImageBuilderError.is(error, "imageForeign") &&
          error.message.includes(imageName) &&
          error.message.includes("ghcr.io/team")
        );
      });
    }
  });

  it("is prepared for a push after the name was checked, before it asks for credentials [Z128]", async () => {
    const deeds: string[] = [];
    class Prepared extends ContainerRegistry {
      protected override async prepareImagePush(imageName: string): Promise<void> {
        deeds.push(`prepare ${imageName}`);
      }
    }
    const find = async (host: string): Promise<undefined> => {
      deeds.push(`ask for ${host}`);
      throw new Error("far enough");
    };
    const registry = new Prepared("mine", { uri: "ghcr.io/team" }, { ...services, credentials: { find } });
    await assert.rejects(registry.pushImage("ghcr.io/other/app:1", recordingOperation()), (error) =>
      ImageBuilderError.is(error, "imageForeign"),
    );
    await assert.rejects(registry.pushImage("ghcr.io/team/app:1", recordingOperation()), /far enough/);
    assert.deepEqual(deeds, ["prepare ghcr.io/team/app:1", "ask for ghcr.io"]);
  });
});
