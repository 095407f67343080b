import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ComponentStore, type Registration } from "../../../src/core/components/componentStore";
import type { ConnectorRecord } from "../../../src/core/clouds/connectorType";
import { ImageBuilderError, type ErrorCode } from "../../../src/core/base/errors";
import { FlavorRegistry } from "../../../src/core/flavors/flavorRegistry";
import { ComponentFile } from "../../support/componentFile";
import { connectorsOf } from "../../support/connectors";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { recordingOperation } from "../../support/operation";
import { PasswordServer } from "../../support/passwordServer";

const type = "container_registry";
const fails = (code: ErrorCode, message: RegExp) => (error: unknown) => {
  assert.ok(ImageBuilderError.is(error, code), String(error));
  assert.match(error.message, message);
  return true;
};

describe("the component store", () => {
  let server: PasswordServer;
  let file: ComponentFile;
  let store: ComponentStore;
  let logged: string[];
  const connectors: ConnectorRecord[] = [];
  const registration = (name: string, more: Partial<Registration> = {}): Registration => ({
    name,
    type,
    flavor: "default",
    configuration: { uri: `${server.address}/team/` },
    ...more,
  });

  before(async () => {
    server = await PasswordServer.start("me:right");
    const password = (key: string) => ({ username: "me", password: `{{logins.${key}}}`, registry: server.address });
    connectors.push(
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
  });
  after(async () => {
    await server.stop();
    removeTemporaryFolders();
  });
  beforeEach(() => {
    const operation = recordingOperation();
    logged = operation.logged;
    file = new ComponentFile(join(temporaryFolder(), "components.json"));
    const parts = {
      storage: file,
      flavors: new FlavorRegistry(),
      connectors: connectorsOf(connectors, { logins: { right: "right", wrong: "wr0ng" } }),
      log: operation.log,
    };
    store = new ComponentStore(parts);
  });

  describe("registers", () => {
    it("a component with an id, times and labels, its configuration as it was written [Z28][Z34][Z39]", async () => {
      const made = await store.register(registration("mine", { labels: { team: "a" } }));
      assert.match(made.id ?? "", /^[0-9a-f-]{36}$/);
      assert.ok(Date.parse(made.created ?? "") > 0 && made.created === made.updated);
      assert.deepEqual(made.configuration, { uri: `${server.address}/team/` });
      assert.deepEqual(await store.list(type), [made]);
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
        const before = file.text;
        await assert.rejects(store.register(registration("mine", more)), fails(code, message));
        assert.equal(file.text, before);
      });
    }

    it("a name once for each type [Z37]", async () => {
      await store.register(registration("mine"));
      await store.register({ name: "mine", type: "image_builder", flavor: "local", configuration: {} });
      await assert.rejects(
        store.register(registration("mine")),
        fails("componentExists", /container registry name "mine" is already in use/),
      );
    });

    it("and connects, which is verified; if that fails the component is there without a connector [Z38]", async () => {
      const made = await store.register(registration("mine", { connect: { connector: "right" } }));
      assert.equal(made.connector, "right");
      await assert.rejects(
        store.register(registration("other", { connect: { connector: "wrong" } })),
        fails("registryUnauthorized", /Can't verify access/),
      );
      assert.equal((await store.describe(type, "other")).connector, undefined);
    });

    it("with a warning an address of this machine where others get the settings [Z27]", async () => {
      await store.register(registration("mine"));
      assert.deepEqual(logged, []);
      const { log, logged: warnings } = recordingOperation();
      const shared = new ComponentStore({
        storage: new ComponentFile(join(temporaryFolder(), "shared.json"), true),
        flavors: new FlavorRegistry(),
        connectors: connectorsOf([]),
        log,
      });
      await shared.register(registration("mine"));
      assert.match(warnings[0] ?? "", /^warn: The registry "mine" \(.*\) is on this machine/);
    });
  });

  describe("changes", () => {
    it("fields and labels and leaves the rest, the connector too; null takes away [Z40]", async () => {
      await store.register(
        registration("mine", {
          configuration: { uri: server.address, authenticationSecret: "s" },
          labels: { a: "1", b: "2" },
          connect: { connector: "right" },
        }),
      );
      const { updated: before = "" } = await store.describe(type, "mine");
      await sleep(2);
      const changed = await store.update(type, "mine", {
        configuration: { uri: `${server.address}/other`, authenticationSecret: null },
        labels: { a: "3", b: null },
      });
      assert.deepEqual(changed.configuration, { uri: `${server.address}/other` });
      assert.deepEqual(changed.labels, { a: "3" });
      assert.equal(changed.connector, "right");
      assert.ok((changed.updated ?? "") > before && changed.created !== changed.updated);
    });

    it("nothing when the whole would not be valid [Z40][Z41]", async () => {
      await store.register(registration("mine"));
      const before = file.text;
      await assert.rejects(
        store.update(type, "mine", { configuration: { uri: "" } }),
        fails("configurationInvalid", /uri/),
      );
      await assert.rejects(
        store.removeAttributes(type, "mine", ["uri"]),
        fails("configurationInvalid", /uri: the registry address is missing/),
      );
      assert.equal(file.text, before);
    });

    it("a name to a free one, or its own, and the active marks with it [Z42]", async () => {
      await store.register(registration("mine"));
      await store.register(registration("taken"));
      await store.setActive(type, "/folder", "mine");
      await assert.rejects(store.rename(type, "mine", "taken"), fails("componentExists", /"taken"/));
      assert.equal((await store.rename(type, "mine", "mine")).name, "mine");
      const { id } = await store.describe(type, "mine");
      assert.equal((await store.rename(type, "mine", "new")).id, id);
      assert.equal((await store.active(type, "/folder"))?.name, "new");
      assert.deepEqual(
        (await store.list(type)).map(({ name }) => name),
        ["new", "taken"],
      );
    });

    it("nothing of the original in a copy, which has no connector [Z43]", async () => {
      const mine = await store.register(registration("mine", { labels: { a: "1" }, connect: { connector: "right" } }));
      const copy = await store.copy(type, "mine", "copy");
      assert.deepEqual(
        [copy.flavor, copy.configuration, copy.labels, copy.connector],
        [mine.flavor, mine.configuration, mine.labels, undefined],
      );
      assert.notEqual(copy.id, mine.id);
    });
  });

  it("deletes what is not active anywhere, and says of how many folders it is [Z44]", async () => {
    await store.register(registration("mine"));
    for (const folder of ["/one", "/two"]) await store.setActive(type, folder, "mine");
    await assert.rejects(store.delete(type, "mine"), fails("componentInUse", /is active in 2 folders/));
    for (const folder of ["/one", "/two"]) await store.setActive(type, folder, undefined);
    await store.delete(type, "mine");
    assert.deepEqual(await store.list(type), []);
    assert.equal(await store.active(type, "/one"), undefined);
  });

  it("knows the active component of each folder [Z34]", async () => {
    for (const name of ["one", "two"]) await store.register(registration(name));
    await store.setActive(type, "/a", "one");
    await store.setActive(type, "/b", "two");
    assert.deepEqual(
      [(await store.active(type, "/a"))?.name, (await store.active(type, "/b"))?.name, await store.active(type, "/c")],
      ["one", "two", undefined],
    );
    await assert.rejects(store.setActive(type, "/a", "none"), fails("componentUnknown", /available: "one", "two"/));
  });

  it("finds by id, name, or the beginning of the id, and to look also of the name [Z34]", async () => {
    const one = await store.register(registration("registry-one"));
    await store.register(registration("registry-two"));
    assert.equal((await store.describe(type, one.id ?? "")).name, "registry-one");
    assert.equal((await store.describe(type, "registry-o")).name, "registry-one");
    await assert.rejects(
      store.describe(type, "registry"),
      fails("componentUnknown", /matches more than one .*"registry-one".*"registry-two"/),
    );
    assert.equal((await store.update(type, (one.id ?? "").slice(0, 8), {})).name, "registry-one");
    await assert.rejects(
      store.delete(type, "registry-o"),
      fails("componentUnknown", /no container registry named "registry-o"/),
    );
  });

  it("lists those that fit every condition [Z34]", async () => {
    await store.register(registration("mine", { labels: { team: "a" } }));
    await store.register(
      registration("hub", { flavor: "dockerhub", configuration: { uri: "docker.io/me" }, labels: { team: "a" } }),
    );
    assert.deepEqual(
      (await store.list(type, { labels: { team: "a" }, flavor: "dockerhub" })).map(({ name }) => name),
      ["hub"],
    );
    assert.deepEqual(
      (await store.list(type, { name: "MI" })).map(({ name }) => name),
      ["mine"],
    );
    assert.deepEqual(await store.list(type, { connector: "right" }), []);
  });

  describe("connects", () => {
    it("with what the configuration names, after the registry itself took it [Z30][Z47][Z49][Z142]", async () => {
      await store.register(registration("mine"));
      const before = server.accepted;
      const connected = await store.connect(type, "mine", { connector: "right", resourceId: "ghcr.io" });
      assert.equal(connected.connectorResourceId, server.address);
      assert.equal(server.accepted, before + 1);
    });

    const refused: readonly (readonly [
      what: string,
      registered: Partial<Registration>,
      connector: string,
      code: ErrorCode,
      message: RegExp,
    ])[] = [
      ["a connector that is not there [Z45]", {}, "none", "connectorUnknown", /"none"/],
      [
        "a connector of another type than the flavor wants [Z46]",
        { flavor: "dockerhub", configuration: { uri: "docker.io/me" } },
        "google",
        "connectorInvalid",
        /is not compatible with "mine": its type is "gcp", but "docker" is required/,
      ],
      [
        "a connector for another registry [Z138]",
        {},
        "elsewhere",
        "connectorInvalid",
        /is for ghcr\.io and does not allow access to 127/,
      ],
      [
        "a login that the registry refuses [Z49]",
        {},
        "wrong",
        "registryUnauthorized",
        /Can't verify access to .*: .*rejected the credentials from the connector "wrong"/,
      ],
      ["a connector that has expired [Z137]", {}, "ended", "connectorExpired", /have expired/],
    ];
    for (const [what, registered, connector, code, message] of refused) {
      it(`nothing by ${what}`, async () => {
        await store.register(registration("mine", registered));
        const before = file.text;
        await assert.rejects(store.connect(type, "mine", { connector }), (error) => {
          assert.ok(!String(error).includes("wr0ng"));
          return fails(code, message)(error);
        });
        assert.equal(file.text, before);
      });
    }

    it("nothing of a flavor that takes no connector [Z46]", async () => {
      await store.register({ name: "mine", type: "image_builder", flavor: "local", configuration: {} });
      await assert.rejects(
        store.connect("image_builder", "mine", { connector: "right" }),
        fails("connectorInvalid", /does not support connectors/),
      );
    });

    it("unverified if that is wanted, and disconnects [Z49][Z50]", async () => {
      await store.register(registration("mine"));
      const before = server.accepted;
      assert.equal((await store.connect(type, "mine", { connector: "wrong", verify: false })).connector, "wrong");
      assert.equal(server.accepted, before);
      await store.disconnect(type, "mine");
      const { connector, connectorResourceId } = await store.describe(type, "mine");
      assert.deepEqual([connector, connectorResourceId], [undefined, undefined]);
    });
  });

  it("never writes what a reference refers to [Z24]", async () => {
    await store.register(
      registration("mine", { configuration: { uri: server.address }, connect: { connector: "wrong", verify: false } }),
    );
    assert.ok(file.text.includes('"connector":"wrong"') && !file.text.includes("wr0ng"));
  });
});
