import assert from "node:assert/strict";
import { join } from "node:path";
import { ComponentStore, type Registration } from "../../../src/core/components/componentStore";
import type { ErrorCode } from "../../../src/core/base/errors";
import { FlavorRegistry } from "../../../src/core/flavors/flavorRegistry";
import { ComponentFile } from "../../support/componentFile";
import { connectorsOf } from "../../support/connectors";
import { temporaryFolder } from "../../support/folder";
import { recordingOperation } from "../../support/operation";
import { fails, StoreWorld, type } from "./storeWorld";

describe("the component store", () => {
  const world = new StoreWorld();
  before(() => world.start());
  after(() => world.stop());
  beforeEach(() => world.begin());

  describe("registers", () => {
    it("a component with an id, times and labels, its configuration as it was written [Z28][Z34][Z39]", async () => {
      const made = await world.store.register(world.registration("mine", { labels: { team: "a" } }));
      assert.match(made.id ?? "", /^[0-9a-f-]{36}$/);
      assert.ok(Date.parse(made.created ?? "") > 0 && made.created === made.updated);
      assert.deepEqual(made.configuration, { uri: `${world.server.address}/team/` });
      assert.deepEqual(await world.store.list(type), [made]);
    });

    const refused: readonly (readonly [what: string, more: Partial<Registration>, code: ErrorCode, message: RegExp])[] =
      [
        ["an unknown flavor [Z37]", { flavor: "none" }, "flavorUnknown", /"none"/],
        [
          "a configuration that is not valid [Z37]",
          { configuration: {} },
          "configurationInvalid",
          /uri: the registry address is missing/,
        ],
        [
          "an unknown field [Z17]",
          { configuration: { uri: "ghcr.io", region: "x" } },
          "configurationInvalid",
          /unknown field "region"/,
        ],
        ["a name that is empty", { name: " " }, "configurationInvalid", /needs a name/],
        [
          "a name that refers to a secret [Z22]",
          { name: "{{a.b}}" },
          "configurationInvalid",
          /can't be used as a name/,
        ],
        [
          "a connector that is not there, before anything is stored [Z38]",
          { connect: { connector: "none" } },
          "connectorUnknown",
          /no connector named "none" \(available: "right", /,
        ],
      ];
    for (const [what, more, code, message] of refused) {
      it(`nothing with ${what}`, async () => {
        const before = world.file.text;
        await assert.rejects(world.store.register(world.registration("mine", more)), fails(code, message));
        assert.equal(world.file.text, before);
      });
    }

    it("a name once for each type [Z37]", async () => {
      await world.store.register(world.registration("mine"));
      await world.store.register({ name: "mine", type: "image_builder", flavor: "local", configuration: {} });
      await assert.rejects(
        world.store.register(world.registration("mine")),
        fails("componentExists", /container registry name "mine" is already in use/),
      );
    });

    it("and connects, which is verified; if that fails the component is there without a connector [Z38]", async () => {
      const made = await world.store.register(world.registration("mine", { connect: { connector: "right" } }));
      assert.equal(made.connector, "right");
      await assert.rejects(
        world.store.register(world.registration("other", { connect: { connector: "wrong" } })),
        fails("registryUnauthorized", /Can't verify access/),
      );
      assert.equal((await world.store.describe(type, "other")).connector, undefined);
    });

    it("with a warning an address of this machine where others get the settings [Z27]", async () => {
      await world.store.register(world.registration("mine"));
      assert.deepEqual(world.logged, []);
      const { log, logged: warnings } = recordingOperation();
      const shared = new ComponentStore({
        storage: new ComponentFile(join(temporaryFolder(), "shared.json"), true),
        flavors: new FlavorRegistry(),
        connectors: connectorsOf([]),
        log,
      });
      await shared.register(world.registration("mine"));
      assert.match(warnings[0] ?? "", /^warn: The registry "mine" \(.*\) is on this machine/);
    });
  });

  it("deletes what is not active anywhere, and says of how many folders it is [Z44]", async () => {
    await world.store.register(world.registration("mine"));
    for (const folder of ["/one", "/two"]) await world.store.setActive(type, folder, "mine");
    await assert.rejects(world.store.delete(type, "mine"), fails("componentInUse", /is active in 2 folders/));
    for (const folder of ["/one", "/two"]) await world.store.setActive(type, folder, undefined);
    await world.store.delete(type, "mine");
    assert.deepEqual(await world.store.list(type), []);
    assert.equal(await world.store.active(type, "/one"), undefined);
  });

  it("knows the active component of each folder [Z34]", async () => {
    for (const name of ["one", "two"]) await world.store.register(world.registration(name));
    await world.store.setActive(type, "/a", "one");
    await world.store.setActive(type, "/b", "two");
    assert.deepEqual(
      [
        (await world.store.active(type, "/a"))?.name,
        (await world.store.active(type, "/b"))?.name,
        await world.store.active(type, "/c"),
      ],
      ["one", "two", undefined],
    );
    await assert.rejects(
      world.store.setActive(type, "/a", "none"),
      fails("componentUnknown", /available: "one", "two"/),
    );
  });

  it("finds by id, name, or the beginning of the id, and to look also of the name [Z34]", async () => {
    const one = await world.store.register(world.registration("registry-one"));
    await world.store.register(world.registration("registry-two"));
    assert.equal((await world.store.describe(type, one.id ?? "")).name, "registry-one");
    assert.equal((await world.store.describe(type, "registry-o")).name, "registry-one");
    await assert.rejects(
      world.store.describe(type, "registry"),
      fails("componentUnknown", /matches more than one .*"registry-one".*"registry-two"/),
    );
    assert.equal((await world.store.update(type, (one.id ?? "").slice(0, 8), {})).name, "registry-one");
    await assert.rejects(
      world.store.delete(type, "registry-o"),
      fails("componentUnknown", /no container registry named "registry-o"/),
    );
  });

  it("lists those that fit every condition [Z34]", async () => {
    await world.store.register(world.registration("mine", { labels: { team: "a" } }));
    await world.store.register(
      world.registration("hub", { flavor: "dockerhub", configuration: { uri: "docker.io/me" }, labels: { team: "a" } }),
    );
    assert.deepEqual(
      (await world.store.list(type, { labels: { team: "a" }, flavor: "dockerhub" })).map(({ name }) => name),
      ["hub"],
    );
    assert.deepEqual(
      (await world.store.list(type, { name: "MI" })).map(({ name }) => name),
      ["mine"],
    );
    assert.deepEqual(await world.store.list(type, { connector: "right" }), []);
  });

  it("never writes what a reference refers to [Z24]", async () => {
    await world.store.register(
      world.registration("mine", {
        configuration: { uri: world.server.address },
        connect: { connector: "wrong", verify: false },
      }),
    );
    assert.ok(world.file.text.includes('"connector":"wrong"') && !world.file.text.includes("wr0ng"));
  });
});
