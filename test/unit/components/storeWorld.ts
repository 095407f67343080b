import assert from "node:assert/strict";
import { join } from "node:path";
import { ComponentStore, type Registration } from "../../../src/core/components/componentStore";
import type { ConnectorRecord } from "../../../src/core/clouds/connectorType";
import { ImageBuilderError, type ErrorCode } from "../../../src/core/base/errors";
import { FlavorRegistry } from "../../../src/core/flavors/flavorRegistry";
import { ComponentFile } from "../../support/componentFile";
import { connectorsOf } from "../../support/connectors";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { recordingOperation } from "../../support/operation";
import { PasswordServer } from "../../support/passwordServer";

/** The type of the components that tests register. */
export const type = "container_registry";

/** An error with a code and words. */
export const fails = (code: ErrorCode, message: RegExp) => (error: unknown) => {
  assert.ok(ImageBuilderError.is(error, code), String(error));
  assert.match(error.message, message);
  return true;
};

/** A component store with connectors to a registry, which takes one login. */
export class StoreWorld {
  server!: PasswordServer;
  file!: ComponentFile;
  store!: ComponentStore;
  logged: string[] = [];
  readonly connectors: ConnectorRecord[] = [];

  /** Starts the registry. */
  async start(): Promise<void> {
    this.server = await PasswordServer.start("me:right");
    const password = (key: string) => ({
      username: "me",
      password: `{{logins.${key}}}`,
      registry: this.server.address,
    });
    this.connectors.push(
      { name: "right", type: "docker", authMethod: "password", configuration: password("right") },
      { name: "wrong", type: "docker", authMethod: "password", configuration: password("wrong") },
      {
        name: "elsewhere",
        type: "docker",
        authMethod: "password",
        configuration: { ...password("right"), registry: "ghcr.io" },
      },
      {
        name: "ended",
        type: "docker",
        authMethod: "password",
        configuration: password("right"),
        expiresAt: "2020-01-01T00:00:00Z",
      },
      { name: "google", type: "gcp", authMethod: "implicit", configuration: {} },
    );
  }

  /** Empties the store. */
  begin(): void {
    const operation = recordingOperation();
    this.logged = operation.logged;
    this.file = new ComponentFile(join(temporaryFolder(), "components.json"));
    const parts = {
      storage: this.file,
      flavors: new FlavorRegistry(),
      connectors: connectorsOf(this.connectors, { logins: { right: "right", wrong: "wr0ng" } }),
      log: operation.log,
    };
    this.store = new ComponentStore(parts);
  }

  async stop(): Promise<void> {
    await this.server.stop();
    removeTemporaryFolders();
  }

  registration(name: string, more: Partial<Registration> = {}): Registration {
    return { name, type, flavor: "default", configuration: { uri: `${this.server.address}/team/` }, ...more };
  }
}
