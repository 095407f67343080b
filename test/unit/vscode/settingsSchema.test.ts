import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { entryInWords, entryOf, oddKeys, toComponent, toConnector } from "../../../src/vscode/settings/entries";
import { connectorTypes } from "../../../src/core/connectors/connectorTypes";
import { builtinFlavors } from "../../../src/core/flavors/builtinFlavors";
import { configJsonSchema } from "../../../src/core/config/configJsonSchema";
import { allSettings, type SettingsGroup } from "../../support/settingsGroups";

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly allOf?: readonly { readonly if: Schema; readonly then: Schema }[];
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly type?: string;
  readonly default?: unknown;
  readonly markdownDescription?: string;
  readonly order?: number;
}

const { contributes } = JSON.parse(readFileSync("package.json", "utf8")) as {
  readonly contributes: { readonly configuration: readonly SettingsGroup<Schema>[] };
};
const settings = allSettings(contributes.configuration);
const texts = JSON.parse(readFileSync("package.nls.json", "utf8")) as Readonly<Record<string, string>>;
const listOf = (key: string): Schema => settings[`imageBuilders.${key}`]?.items ?? {};
const keysOf = (schema: Schema | undefined): string[] => Object.keys(schema?.properties ?? {}).sort();
const lists = { image_builder: listOf("builders"), container_registry: listOf("registries") };

describe("the settings' schema", () => {
  it("puts each setting into one titled group, in an order", () => {
    const groups = contributes.configuration;
    assert.deepEqual(
      groups.map(({ order }) => order),
      groups.map((_, i) => i + 1),
    );
    for (const { title, properties } of groups) {
      assert.ok(texts[title.slice(1, -1)], title);
      assert.deepEqual(
        Object.values(properties).map(({ order }) => order),
        Object.keys(properties).map((_, i) => i + 1),
      );
    }
    assert.equal(
      Object.keys(settings).length,
      groups.reduce((sum, { properties }) => sum + Object.keys(properties).length, 0),
      "no setting is in two groups",
    );
  });

  const ajv = new Ajv({ strict: false });
  for (const [id, setting] of Object.entries(settings))
    it(`gives an example of ${id} that is valid and not the default`, () => {
      const text = texts[setting.markdownDescription?.slice(1, -1) ?? ""] ?? "";
      const [, example = "none"] = /\n\nExample: `(.+)`$/.exec(text) ?? [];
      const value: unknown = JSON.parse(example);
      assert.ok(ajv.validate(setting, value), `${text}: ${ajv.errorsText()}`);
      assert.notDeepEqual(value, setting.default);
    });

  for (const [type, list] of Object.entries(lists)) {
    const flavors = builtinFlavors.filter((flavor) => flavor.type === type);

    it(`offers the flavors of type ${type}, and any other, which an extension may bring`, () => {
      const [known, other] = list.properties?.["flavor"]?.anyOf ?? [];
      assert.deepEqual(
        known?.enum,
        flavors.map(({ name }) => name),
      );
      assert.equal(other?.type, "string");
    });

    it(`knows the keys that a component of type ${type} is written with`, () => {
      const entry = entryOf({ name: "n", type: "image_builder", flavor: "f", configuration: {} });
      assert.deepEqual(keysOf(list), Object.keys(entry).sort());
    });

    for (const flavor of flavors) {
      const { properties = {} } = configJsonSchema(flavor);
      if (Object.keys(properties).length === 0) continue;
      it(`describes the fields of the flavor ${flavor.name}, as its own schema has them`, () => {
        const branch = list.allOf?.find((each) => each.if.properties?.["flavor"]?.const === flavor.name)?.then
          .properties?.["configuration"];
        assert.deepEqual(keysOf(branch), Object.keys(properties).sort());
        for (const [field, { type: itsType, default: value }] of Object.entries(properties)) {
          const shown = branch?.properties?.[field];
          assert.deepEqual([shown?.type, shown?.default], [itsType, value], field);
          assert.ok(shown?.markdownDescription, field);
        }
      });
    }
  }

  it("offers every kind of connector, and the keys that one is written with", () => {
    const list = listOf("connectors");
    assert.deepEqual(
      list.properties?.["type"]?.enum,
      connectorTypes.map(({ name }) => name),
    );
    const whole = {
      name: "n",
      id: "i",
      type: "t",
      authMethod: "a",
      configuration: {},
      resourceId: "r",
      expiresAt: "e",
      expirySkewSeconds: 1,
      labels: { a: "b" },
    };
    assert.deepEqual(toConnector(whole), whole);
    assert.deepEqual(keysOf(list), Object.keys(whole).sort());
  });
});

describe("an entry of the settings", () => {
  const whole = {
    name: "n",
    flavor: "f",
    configuration: { uri: "ghcr.io" },
    id: "i",
    labels: { a: "b" },
    created: "c",
    updated: "u",
    connector: "o",
    connectorResourceId: "r",
  };

  it("comes back as it was written [Z28][Z39]", () => {
    const component = toComponent("container_registry", whole);
    assert.ok(component, "it is a component");
    assert.deepEqual(entryOf(component), whole);
  });

  it("counts without what has the wrong type", () => {
    assert.deepEqual(
      toComponent("image_builder", { ...whole, labels: { a: 1, b: "c" }, id: 5, connector: null, configuration: null }),
      {
        name: "n",
        type: "image_builder",
        flavor: "f",
        configuration: {},
        labels: { b: "c" },
        created: "c",
        updated: "u",
        connectorResourceId: "r",
      },
    );
  });

  it("has keys that are odd where nobody knows them or their values have the wrong type", () => {
    const component = toComponent("image_builder", { ...whole, lables: {}, labels: { a: 1 } });
    assert.ok(component, "it is a component");
    assert.deepEqual(
      [
        oddKeys(whole, { ...component, labels: whole.labels }),
        oddKeys({ ...whole, lables: {}, labels: { a: 1 } }, component),
      ],
      [[], ["labels", "lables"]],
    );
  });

  it("that is none is told without its configuration, which may hold a secret", () => {
    const told = [{ flavor: "default", configuration: { token: "s3cr3t" } }, [{ token: "s3cr3t" }], null, 5].map(
      entryInWords,
    );
    assert.deepEqual(told, ['{"flavor":"default"}', "[…]", "null", "5"]);
  });

  for (const entry of [
    undefined,
    null,
    5,
    "name",
    [],
    {},
    { name: "n" },
    { name: "", flavor: "f" },
    { name: " ", flavor: "f" },
    { name: "n", flavor: 1 },
    { name: "n", flavor: "f", configuration: [] },
  ]) {
    it(`is no component as ${JSON.stringify(entry)}`, () =>
      assert.equal(toComponent("container_registry", entry), undefined));
  }
});
