import assert from "node:assert/strict";
import { LocalImageBuilder } from "../../../src/core/builders/localImageBuilder";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { BuildContext } from "../../../src/core/context/files/buildContext";
import { ContainerRegistry } from "../../../src/core/contracts/containerRegistry";
import type { CredentialSource } from "../../../src/core/credentials/credentialSource";
import { checkCredentials } from "../../../src/core/distribution/checkCredentials";
import { mayNeedLogin } from "../../../src/core/distribution/nextStep";
import { RegistryClient } from "../../../src/core/distribution/registryClient";
import { assertPlain } from "../../support/hostileAnswers";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { recordingOperation, type RecordingOperation } from "../../support/operation";
import { password, type Row, type Told, type Way } from "../../support/refusals/row";
import { rows } from "../../support/refusals/rows";
import { logins, secretsIn } from "../../support/refusals/secrets";
import { RefusalTable, withoutAddress } from "../../support/refusals/table";
import { RefusingRegistry } from "../../support/refusingRegistry";
import { TransferDaemon } from "../../support/transferDaemon";

describe("a registry that refuses, because it", function () {
  this.timeout(60_000);
  let registry: RefusingRegistry;
  let daemon: TransferDaemon;
  const table = new RefusalTable();
  before(async () => {
    registry = await RefusingRegistry.start();
    daemon = await TransferDaemon.start();
  });
  after(async () => {
    await Promise.all([registry.stop(), daemon.stop()]);
    removeTemporaryFolders();
    if (process.env.UPDATE_FIXTURES) table.write(rows.map(({ what }) => what));
  });

  /** Does it as the product does; returns the failure, or nothing. Nothing that is told holds a secret. */
  async function failureOf(way: Way, login: Row["login"]): Promise<unknown> {
    const operation = recordingOperation();
    const failure = await attempt(way, login, operation);
    assert.deepEqual(secretsIn(failure, operation.logged, operation.events), []);
    return failure;
  }

  async function attempt(way: Way, login: Row["login"], operation: RecordingOperation): Promise<unknown> {
    const credentials: CredentialSource = {
      async find() {
        const found = logins[login];
        return found && { credentials: found, source: "the test" };
      },
    };
    const services = { engine: daemon.engine, credentials };
    const made = new ContainerRegistry("mine", { uri: registry.address }, services);
    const image = `${registry.address}/team/app:1`;
    try {
      if (way === "push") await made.pushImage(image, operation);
      if (way === "browse") for await (const page of new RegistryClient(made.place()).tags("team/app")) assert.ok(page);
      if (way === "base image") {
        const context = new BuildContext({
          root: temporaryFolder({ Dockerfile: `FROM ${image}\n` }),
          log: operation.log,
        });
        await new LocalImageBuilder(services).build("built:1", context, { builder: "classic" }, operation);
      }
      if (way === "check") {
        const check = await checkCredentials(made.place(), { repository: "team/app" });
        return check.outcome === "failed" ? new ImageBuilderError(check.code, check.message) : undefined;
      }
      return undefined;
    } catch (error) {
      return error;
    }
  }

  /** The registry's failure itself. */
  function causeOf(failure: ImageBuilderError): ImageBuilderError {
    return ImageBuilderError.is(failure.cause) ? failure.cause : failure;
  }

  for (const { what, auth, login, refused, answer, told } of rows) {
    for (const [way, expected] of Object.entries(told) as [Way, Told | "works"][]) {
      it(`${what}: ${way}`, async () => {
        registry.auth = auth;
        registry.refuse = (asked) => {
          if (!refused.includes(asked.kind)) return undefined;
          return typeof answer === "function" ? answer(asked) : answer;
        };
        const failure = await failureOf(way, login);
        if (expected === "works") {
          // A build that gets its base image ends without a result, since nothing is built.
          if (way === "base image") assert.ok(!ImageBuilderError.is(failure, "buildFailed"), String(failure));
          else assert.equal(failure, undefined);
          return checkTable(what, way, "works");
        }
        const [code, message, button] = expected;
        assertPlain(failure, what);
        assert.match(failure.message, message);
        const cause = causeOf(failure);
        assert.equal(cause.code, code, failure.message);
        assert.equal(mayNeedLogin(failure) ? password : "none", button);
        if (code === "registryRefused")
          assert.ok(!/\b(?:account|credentials|password|log in)\b/i.test(cause.message), cause.message);
        checkTable(what, way, `${withoutAddress(failure.message, registry.address)} [${button}]`);
      });
    }
  }

  /** The table beside the code says the same. */
  function checkTable(what: string, way: Way, sentence: string): void {
    if (process.env.UPDATE_FIXTURES) table.keep(what, { told: { [way]: sentence } });
    else assert.equal(sentence, table.line(what).told[way]);
  }

  it("is in the table of what is told, with Docker's own words beside it", () => {
    const names = rows.map(({ what }) => what);
    assert.ok(new Set(names).size === names.length && names.length >= 140, String(names.length));
    if (!process.env.UPDATE_FIXTURES) assert.deepEqual(table.names, names);
  });
});
