import assert from "node:assert/strict";
import { join } from "node:path";
import { ContainerRegistry } from "../../../src/core/contracts/containerRegistry";
import { userLogins } from "../../../src/core/credentials/podmanAuth";
import { checkCredentials } from "../../../src/core/distribution/checkCredentials";
import { RegistryClient } from "../../../src/core/distribution/registryClient";
import {
  askDaemon,
  build,
  coreOn,
  engineAt,
  given,
  localBuilder,
  plainRegistry,
  uniqueName,
} from "../../support/engine";
import { buildAndPush } from "../../../src/core/jobs/buildAndPush";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { recordingOperation } from "../../support/operation";
import { RepositoryGate } from "../../support/repositoryGate";

describe("Podman's logins for single repositories", function () {
  this.timeout(120_000);
  const team = uniqueName("team");
  const [app, tool, closed] = [`${team}/app`, `${team}/tool`, `closed/${team}`];
  const logins = { [app]: "app-robot:a1", [tool]: "team-robot:b2", [closed]: "nobody:c3" };
  let gate: RepositoryGate;
  let core: ReturnType<typeof coreOn>;

  before(async () => {
    gate = await RepositoryGate.start(plainRegistry(), logins);
    const auth = (login: string) => ({ auth: Buffer.from(login).toString("base64") });
    const folder = temporaryFolder({
      "auth.json": JSON.stringify({
        auths: {
          [`${gate.address}/${team}`]: auth("team-robot:b2"),
          [`${gate.address}/${app}`]: auth("app-robot:a1"),
        },
      }),
    });
    const env = { REGISTRY_AUTH_FILE: join(folder, "auth.json") };
    core = coreOn(engineAt(given("DOCKER_HOST")), userLogins({ configDir: join(folder, "docker"), env }));
  });
  beforeEach(() => (gate.shown.length = 0));
  after(async () => {
    await gate.stop();
    removeTemporaryFolders();
  });

  const registry = (uri = gate.address) => new ContainerRegistry("mine", { uri }, core.services);

  async function push(repository: string): Promise<void> {
    const root = temporaryFolder({ Dockerfile: "FROM scratch\nCOPY mark /\n", mark: repository });
    const imageName = `${gate.address}/${repository}:1`;
    const { digest } = await build({ root, imageName, registry: gate.address, core });
    assert.match(digest ?? "", /^sha256:/);
  }

  it("are shown for a push: the repository's own, or else its namespace's", async () => {
    await push(app);
    await push(tool);
    assert.deepEqual(gate.loginsFor(app), ["app-robot:a1"]);
    assert.deepEqual(gate.loginsFor(tool), ["team-robot:b2"]);
  });

  it("are shown by the browser, whose one connection reads several repositories", async () => {
    const client = new RegistryClient(registry(`${gate.address}/${team}`).place());
    for (const repository of [app, tool, app]) {
      const names: string[] = [];
      for await (const tags of client.tags(repository)) names.push(...tags.map(({ name }) => name));
      assert.deepEqual(names, ["1"]);
      assert.equal((await client.manifest(repository, "1")).kind, "image");
    }
    assert.deepEqual(gate.loginsFor(app), ["app-robot:a1"]);
    assert.deepEqual(gate.loginsFor(tool), ["team-robot:b2"]);
  });

  it("are checked for the repository that is pushed to", async () => {
    for (const repository of [app, tool])
      assert.equal((await checkCredentials(registry().place(), { repository })).outcome, "mayPush");
    assert.deepEqual(gate.loginsFor(app), ["app-robot:a1"]);
    const check = await checkCredentials(registry().place(), { repository: closed });
    assert.ok(check.outcome === "failed" && /requires credentials .* none were found/.test(check.message));
    assert.deepEqual(gate.loginsFor(closed), []);
  });

  it("are shown for a pull, and no other repository's is", async () => {
    await askDaemon(`/images/${gate.address}/${app}:1?force=1`, "DELETE");
    await registry().pullImage(`${gate.address}/${app}:1`, recordingOperation());
    assert.deepEqual(gate.loginsFor(app), ["app-robot:a1"]);
    await assert.rejects(
      registry().pullImage(`${gate.address}/${closed}:1`, recordingOperation()),
      /requires credentials to read .* none were found/,
    );
    assert.deepEqual(gate.loginsFor(closed), []);
  });

  for (const builder of ["classic", "buildkit"] as const) {
    it(`are shown for a base image, by the builder ${builder}`, async () => {
      await askDaemon(`/images/${gate.address}/${app}:1?force=1`, "DELETE");
      const root = temporaryFolder({ Dockerfile: `FROM ${gate.address}/${app}:1\nCOPY Dockerfile /\n` });
      await build({ root, imageName: uniqueName(), core, options: { builder, noCache: true } });
      assert.deepEqual(gate.loginsFor(app), ["app-robot:a1"]);
    });
  }

  it("of one registry differ, and a builder that takes one login for each registry says so", async () => {
    const root = temporaryFolder({
      Dockerfile: ["tool", "app"]
        .map((name) => `FROM ${gate.address}/${team}/${name}:1 AS ${name}\nCOPY --from=tool /mark /${name}\n`)
        .join(""),
    });
    const operation = recordingOperation();
    await build({ root, imageName: uniqueName(), core, options: { builder: "classic" }, operation }).catch(
      () => undefined,
    );
    assert.match(operation.logged.join("\n"), /different credentials for repositories of .* takes one login/);
  });

  it("are shown by the embedded builder, for base images and pushes", async () => {
    const root = temporaryFolder({ Dockerfile: `FROM ${gate.address}/${app}:1\nCOPY Dockerfile /\n` });
    const imageName = `${gate.address}/${tool}:2`;
    const embedded = { ...localBuilder, flavor: "embedded", configuration: { fallback: "none" } };
    const registryComponent = {
      name: "mine",
      type: "container_registry",
      flavor: "default",
      configuration: { uri: gate.address },
    } as const;
    await buildAndPush(
      { root, imageName, builder: embedded, registry: registryComponent, options: {} },
      core,
      recordingOperation(),
    );
    assert.deepEqual(gate.loginsFor(app), ["app-robot:a1"]);
    assert.deepEqual(gate.loginsFor(tool), ["team-robot:b2"]);
  });
});
