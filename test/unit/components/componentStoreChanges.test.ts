import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Registration } from "../../../src/core/components/componentStore";
import type { ErrorCode } from "../../../src/core/base/errors";
import { fails, StoreWorld, type } from "./storeWorld";

describe("the component store", () => {
  const world = new StoreWorld();
  before(() => world.start());
  after(() => world.stop());
  beforeEach(() => world.begin());

  describe("changes", () => {
    it("fields and labels and leaves the rest, the connector too; null takes away [Z40]", async () => {
      await world.store.register(
        world.registration("mine", {
          configuration: { uri: world.server.address, authenticationSecret: "s" },
          labels: { a: "1", b: "2" },
          connect: { connector: "right" },
        }),
      );
      const { updated: before = "" } = await world.store.describe(type, "mine");
      await sleep(2);
      const changed = await world.store.update(type, "mine", {
        configuration: { uri: `${world.server.address}/other`, authenticationSecret: null },
        labels: { a: "3", b: null },
      });
      assert.deepEqual(changed.configuration, { uri: `${world.server.address}/other` });
      assert.deepEqual(changed.labels, { a: "3" });
      assert.equal(changed.connector, "right");
      assert.ok((changed.updated ?? "") > before && changed.created !== changed.updated);
    });

    it("nothing when the whole would not be valid [Z40][Z41]", async () => {
      await world.store.register(world.registration("mine"));
      const before = world.file.text;
      await assert.rejects(
        world.store.update(type, "mine", { configuration: { uri: "" } }),
        fails("configurationInvalid", /uri/),
      );
      await assert.rejects(
        world.store.removeAttributes(type, "mine", ["uri"]),
        fails("configurationInvalid", /uri: the registry address is missing/),
      );
      assert.equal(world.file.text, before);
    });

    it("nothing when a field or a label to be removed isn't there, and says so [Z41]", async () => {
      await world.store.register(world.registration("mine", { labels: { a: "1" } }));
      const before = world.file.text;
      const absent: readonly (readonly [fields: string[], labels: string[], words: RegExp])[] = [
        [["authenticationSecret"], [], /"mine" has no field "authenticationSecret", so nothing was removed .*: uri\)/],
        [["none"], ["a"], /"mine" has no field "none"/],
        [[], ["b"], /"mine" has no label "b", so nothing was removed \(available: a\)/],
        [["toString"], [], /"mine" has no field "toString"/],
      ];
      for (const [fields, labels, words] of absent)
        await assert.rejects(
          world.store.removeAttributes(type, "mine", fields, labels),
          fails("configurationInvalid", words),
        );
      assert.equal(world.file.text, before);
    });

    it("a name to a free one, or its own, and the active marks with it [Z42]", async () => {
      await world.store.register(world.registration("mine"));
      await world.store.register(world.registration("taken"));
      await world.store.setActive(type, "/folder", "mine");
      await assert.rejects(world.store.rename(type, "mine", "taken"), fails("componentExists", /"taken"/));
      assert.equal((await world.store.rename(type, "mine", "mine")).name, "mine");
      const { id } = await world.store.describe(type, "mine");
      assert.equal((await world.store.rename(type, "mine", "new")).id, id);
      assert.equal((await world.store.active(type, "/folder"))?.name, "new");
      assert.deepEqual(
        (await world.store.list(type)).map(({ name }) => name),
        ["new", "taken"],
      );
    });

    it("nothing of the original in a copy, which has no connector [Z43]", async () => {
      const mine = await world.store.register(
        world.registration("mine", { labels: { a: "1" }, connect: { connector: "right" } }),
      );
      const copy = await world.store.copy(type, "mine", "copy");
      assert.deepEqual(
        [copy.flavor, copy.configuration, copy.labels, copy.connector],
        [mine.flavor, mine.configuration, mine.labels, undefined],
      );
      assert.notEqual(copy.id, mine.id);
    });
  });

  describe("connects", () => {
    it("with what the configuration names, after the registry itself took it [Z30][Z47][Z49][Z142]", async () => {
      await world.store.register(world.registration("mine"));
      const before = world.server.accepted;
      const connected = await world.store.connect(type, "mine", { connector: "right", resourceId: "ghcr.io" });
      assert.equal(connected.connectorResourceId, world.server.address);
      assert.equal(world.server.accepted, before + 1);
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
        await world.store.register(world.registration("mine", registered));
        const before = world.file.text;
        await assert.rejects(world.store.connect(type, "mine", { connector }), (error) => {
          assert.ok(!String(error).includes("wr0ng"));
          return fails(code, message)(error);
        });
        assert.equal(world.file.text, before);
      });
    }

    it("nothing of a flavor that takes no connector [Z46]", async () => {
      await world.store.register({ name: "mine", type: "image_builder", flavor: "local", configuration: {} });
      await assert.rejects(
        world.store.connect("image_builder", "mine", { connector: "right" }),
        fails("connectorInvalid", /does not support connectors/),
      );
    });

    it("unverified if that is wanted, and disconnects [Z49][Z50]", async () => {
      await world.store.register(world.registration("mine"));
      const before = world.server.accepted;
      assert.equal((await world.store.connect(type, "mine", { connector: "wrong", verify: false })).connector, "wrong");
      assert.equal(world.server.accepted, before);
      await world.store.disconnect(type, "mine");
      const { connector, connectorResourceId } = await world.store.describe(type, "mine");
      assert.deepEqual([connector, connectorResourceId], [undefined, undefined]);
    });
  });
});
