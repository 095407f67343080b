import assert from "node:assert/strict";
import type { ConnectorLink } from "../../../src/core/contracts/connectorLink";
import { ContainerRegistry } from "../../../src/core/contracts/containerRegistry";
import { recordingOperation } from "../../support/operation";
import { goodLogin, RefusingRegistry, registryError } from "../../support/refusingRegistry";
import { TransferDaemon } from "../../support/transferDaemon";

describe("a connector's login that a registry no longer takes", () => {
  let registry: RefusingRegistry;
  let daemon: TransferDaemon;
  before(async () => {
    registry = await RefusingRegistry.start();
    daemon = await TransferDaemon.start();
  });
  after(() => Promise.all([registry.stop(), daemon.stop()]));

  /** Has an old login, and another one when that is refused. */
  async function transfer(action: "push" | "pull", old: string, renewed: string = goodLogin.password) {
    const asked: boolean[] = [];
    const connector: Pick<ConnectorLink, "credentials"> = {
      async credentials(_host, { renew = false } = {}) {
        asked.push(renew);
        const password = renew ? renewed : old;
        return { credentials: { username: goodLogin.username, password }, source: 'the connector "mine"' };
      },
    };
    const services = { engine: daemon.engine, credentials: { find: async () => undefined }, connector };
    const made = new ContainerRegistry("mine", { uri: registry.address }, services as never);
    const operation = recordingOperation();
    const image = `${registry.address}/team/app:1`;
    const work = action === "push" ? made.pushImage(image, operation) : made.pullImage(image, operation);
    const failure = await work.then(
      () => undefined,
      (error: unknown) => error,
    );
    return { failure, asked, logged: operation.logged.join("\n") };
  }

  for (const action of ["push", "pull"] as const) {
    for (const auth of ["basic", "token"] as const) {
      it(`is renewed once, and the ${action} tried again, where it wants a ${auth} login`, async () => {
        registry.auth = auth;
        registry.refuse = () => undefined;
        const { failure, asked, logged } = await transfer(action, "ended-s3cr3t");
        assert.equal(failure, undefined);
        assert.deepEqual(asked, [false, true]);
        assert.match(
          logged,
          new RegExp(`no longer accepts .* ${action === "push" ? "Pushing" : "Pulling"} with a new`),
        );
        assert.ok(!logged.includes("s3cr3t"));
      });
    }

    it(`fails the ${action} with the registry's words where the new one is refused, too`, async () => {
      registry.auth = "basic";
      const { failure, asked } = await transfer(action, "ended", "ended too");
      assert.match(String(failure), /rejected the credentials from the connector "mine"/);
      assert.deepEqual(asked, [false, true]);
    });
  }

  it("is renewed where the registry says only to a push that it has expired (as ECR)", async () => {
    registry.auth = "basic";
    let isOld = true;
    registry.refuse = ({ kind }) => {
      if (kind !== "upload" || !isOld) return undefined;
      return registryError(403, "DENIED", "Your authorization token has expired. Reauthenticate and try again.");
    };
    const work = transfer("push", goodLogin.password);
    const { asked, failure } = await work.finally(() => (isOld = false));
    assert.deepEqual(asked, [false, true]);
    assert.match(String(failure), /has expired\. Reauthenticate.*They have expired\. Log in again/);
  });

  it("is kept where only the right is missing", async () => {
    registry.auth = "basic";
    registry.refuse = ({ kind }) => (kind === "upload" ? registryError(403, "DENIED", "not for you") : undefined);
    assert.deepEqual((await transfer("push", goodLogin.password)).asked, [false]);
  });
});
