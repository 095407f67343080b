import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { inspect } from "node:util";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { ImageRefusal } from "../../../src/core/base/imageRefusal";
import { mayNeedLogin } from "../../../src/core/distribution/nextStep";
import { askDaemon, build, coreOn, credentialsFor, engineAt, given, uniqueName } from "../../support/engine";
import { ContainerRegistry } from "../../../src/core/contracts/containerRegistry";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { recordingOperation } from "../../support/operation";
import { password, type Row, type Told } from "../../support/refusals/row";
import { rows } from "../../support/refusals/rows";
import { logins, secretsIn } from "../../support/refusals/secrets";
import { RefusalTable, withoutAddress } from "../../support/refusals/table";
import { RefusingRegistry } from "../../support/refusingRegistry";

/** What came of one row. */
interface Ending {
  readonly address: string;
  /** The failures, as the product tells them. */
  readonly push: unknown;
  readonly pull: unknown;
  readonly baseImage: unknown;
}

/** Time in milliseconds between the beginnings of two cases. */
const apartMs = 300;

describe("Docker's daemon meets a registry that refuses, because it", function () {
  this.timeout(300_000);
  const table = new RefusalTable();
  const endings = new Map<string, Ending>();
  const registries: RefusingRegistry[] = [];
  /** All that was told of it: failures, logs, and progress. */
  const told: unknown[] = [];

  before(async () => {
    const image = uniqueName();
    await build({
      root: temporaryFolder({ Dockerfile: "FROM scratch\nCOPY Dockerfile /\n" }),
      imageName: `${image}:1`,
    });
    // All at once: where a registry is not well, the daemon tries a push five times in 50 s. They begin in turn,
    // because a busy machine would answer all of them only after the time in which a reason is waited for.
    await Promise.all(
      rows.map(async (row, i) => {
        await setTimeout(i * apartMs);
        const registry = await RefusingRegistry.start();
        registries.push(registry);
        const query = new URLSearchParams({ repo: `${registry.address}/team/app`, tag: "2" });
        // A port may be one of a run before, whose images would be taken for this one's.
        await forget(registry.address);
        await askDaemon(`/images/${image}:1/tag?${query}`, "POST");
        endings.set(row.what, await meet(row, registry));
      }),
    );
  });
  after(async () => {
    for (const registry of registries) {
      await forget(registry.address);
      await registry.stop();
    }
    removeTemporaryFolders();
    if (process.env.UPDATE_FIXTURES) table.write(rows.map(({ what }) => what));
  });

  /** Takes the images of a registry out of the daemon. */
  async function forget(address: string): Promise<void> {
    for (const tag of ["1", "2"]) await askDaemon(`/images/${address}/team/app:${tag}`, "DELETE");
  }

  async function meet({ auth, login, refused, answer }: Row, registry: RefusingRegistry): Promise<Ending> {
    const { address } = registry;
    registry.auth = auth;
    registry.refuse = (asked) => {
      if (!refused.includes(asked.kind)) return undefined;
      return typeof answer === "function" ? answer(asked) : answer;
    };
    const found = logins[login];
    const services = {
      engine: engineAt(given("DOCKER_HOST")),
      credentials: credentialsFor(found ? { [address]: found } : {}),
    };
    const operation = recordingOperation();
    const made = new ContainerRegistry("mine", { uri: address }, services);
    const [push, pull, baseImage] = await Promise.all([
      failureOf(made.pushImage(`${address}/team/app:2`, operation)),
      failureOf(made.pullImage(`${address}/team/app:1`, operation)),
      failureOf(
        build({
          root: temporaryFolder({ Dockerfile: `FROM ${address}/team/app:1\n` }),
          imageName: uniqueName(),
          core: coreOn(services.engine, services.credentials),
          operation,
        }),
      ),
    ]);
    told.push(push, pull, baseImage, operation.logged, operation.events);
    return { address, push, pull, baseImage };
  }

  function failureOf(work: Promise<unknown>): Promise<unknown> {
    return work.then(
      () => undefined,
      (error: unknown) => error,
    );
  }

  for (const { what, told: expected } of rows) {
    it(what, () => {
      const { address, push, pull, baseImage } = endings.get(what) ?? assert.fail();
      checkTold(push, expected.push);
      checkTold(baseImage, expected["base image"]);
      const docker = {
        push: withoutAddress(wordsOf(push), address),
        pull: withoutAddress(wordsOf(pull), address),
      };
      if (process.env.UPDATE_FIXTURES) table.keep(what, { docker });
      else assert.deepEqual(docker, table.line(what).docker);
    });
  }

  it("tells no secret, in any way", () => {
    assert.ok(
      told.length === 5 * rows.length && told.some((each) => inspect(each).includes("credentials from the test")),
    );
    assert.deepEqual(secretsIn(...told), []);
  });

  function checkTold(failure: unknown, expected: Told | "works"): void {
    if (expected === "works") {
      const isRefusal = ImageBuilderError.is(failure) && ImageBuilderError.is(failure.cause);
      return assert.ok(!isRefusal, String(failure));
    }
    const [code, message, button] = expected;
    assert.ok(ImageBuilderError.is(failure), String(failure));
    assert.match(failure.message, message);
    assert.equal(ImageBuilderError.is(failure.cause) ? failure.cause.code : failure.code, code);
    assert.equal(mayNeedLogin(failure) ? password : "none", button);
  }

  /** The daemon's own words. */
  function wordsOf(failure: unknown): string {
    for (let at = failure; at instanceof Error; at = at.cause) if (at instanceof ImageRefusal) return at.message;
    return failure === undefined ? "works" : "";
  }
});
