import assert from "node:assert/strict";
import { join } from "node:path";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { ContainerRegistry } from "../../../src/core/contracts/containerRegistry";
import { userLogins } from "../../../src/core/credentials/podmanAuth";
import { mayNeedLogin } from "../../../src/core/distribution/nextStep";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { recordingOperation } from "../../support/operation";
import { RefusingRegistry } from "../../support/refusingRegistry";
import { TransferDaemon } from "../../support/transferDaemon";

describe("a credential helper that is broken", () => {
  let registry: RefusingRegistry;
  let daemon: TransferDaemon;
  before(async () => {
    registry = await RefusingRegistry.start();
    daemon = await TransferDaemon.start();
  });
  after(async () => {
    await Promise.all([registry.stop(), daemon.stop()]);
    removeTemporaryFolders();
  });

  async function transfer(action: "push" | "pull") {
    const configDir = temporaryFolder({ "config.json": JSON.stringify({ credsStore: "nowhere-to-be-found" }) });
    const env = { PATH: "/nonexistent", XDG_CONFIG_HOME: join(configDir, "none") };
    const operation = recordingOperation();
    const credentials = userLogins({ configDir, env });
    const made = new ContainerRegistry("mine", { uri: registry.address }, { engine: daemon.engine, credentials });
    const image = `${registry.address}/team/app:1`;
    const work = action === "push" ? made.pushImage(image, operation) : made.pullImage(image, operation);
    return { failure: await work.then(() => undefined).catch((error: unknown) => error), logged: operation.logged };
  }

  for (const action of ["push", "pull"] as const) {
    it(`doesn't keep a ${action} from a registry that wants no login, and is reported`, async () => {
      registry.auth = "none";
      const { failure, logged } = await transfer(action);
      assert.equal(failure, undefined);
      assert.match(logged.join("\n"), /warn: .*docker-credential-nowhere-to-be-found.*Trying without credentials/);
    });

    for (const auth of ["basic", "token"] as const) {
      it(`is why a ${action} fails where the registry wants a ${auth} login`, async () => {
        registry.auth = auth;
        const { failure } = await transfer(action);
        assert.ok(ImageBuilderError.is(failure, `${action}Failed`), String(failure));
        assert.match(failure.message, /"docker-credential-nowhere-to-be-found".* is not in PATH: install it/);
        assert.ok(mayNeedLogin(failure));
      });
    }
  }
});
