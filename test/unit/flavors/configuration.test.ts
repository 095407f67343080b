import assert from "node:assert/strict";
import * as z from "zod";
import type { Component } from "../../../src/core/base/component";
import {
  parseSecretReference,
  resolveSecretReferences,
  secretReferencesIn,
} from "../../../src/core/credentials/secretReference";
import type { SecretValues } from "../../../src/core/credentials/secretStore";
import { createEngineAccess } from "../../../src/core/engine/engineAccess";
import { ImageBuilderError, type ErrorCode } from "../../../src/core/base/errors";
import { checkConfiguration } from "../../../src/core/config/checkConfiguration";
import { clearTextField, secretField } from "../../../src/core/config/configFields";
import { createComponent } from "../../../src/core/flavors/createComponent";
import type { Flavor } from "../../../src/core/contracts/flavor";
import type { ImplementationServices } from "../../../src/core/contracts/services";
import { FlavorRegistry } from "../../../src/core/flavors/flavorRegistry";

const configSchema = z.object({
  uri: z
    .string()
    .refine((uri) => uri !== "bad", { error: "is bad" })
    .optional(),
  region: z
    .string()
    .regex(/^[a-z-]+$/)
    .optional(),
  account: z.string().optional(),
  label: clearTextField("A label").optional(),
  token: secretField({ plainText: "warned", description: "A token" }).optional(),
  password: secretField({ plainText: "refused", description: "A password" }).optional(),
  env: z.array(z.string()).optional(),
  limits: z.record(z.string(), z.number()).nullable().optional(),
  either: z.union([z.string(), z.array(z.string())]).optional(),
  count: z.number().optional(),
});

const loaded: object[] = [];
const flavor: Flavor<"image_builder", z.infer<typeof configSchema>> = {
  name: "trial",
  type: "image_builder",
  displayName: "Trial",
  description: "For the tests",
  configSchema,
  async load(_component, config) {
    loaded.push(config);
    throw new Error("Cannot find module 'heavy'");
  },
};
const check = (configuration: Record<string, unknown>, warn?: (message: string) => void) =>
  checkConfiguration(flavor, { name: "mine", configuration }, warn);
const fails = (code: ErrorCode, message: RegExp) => (error: unknown) => {
  assert.ok(ImageBuilderError.is(error, code), String(error));
  assert.match(error.message, message);
  return true;
};

describe("a secret reference", () => {
  const texts: readonly (readonly [text: unknown, reference: readonly [string, string] | undefined])[] = [
    ["{{name.key}}", ["name", "key"]],
    ["{{ name.key }}", ["name", "key"]],
    ["{{\tname.key}}", ["name", "key"]],
    ["{{ a.b.c }}", ["a", "b.c"]],
    ["{{a b.c}}", undefined],
    ["x{{a.b}}", undefined],
    ["{{a.b}} ", undefined],
    ["{{a}}", undefined],
    ["{{.b}}", undefined],
    ["{{a.b}", undefined],
    [5, undefined],
    [undefined, undefined],
  ];
  for (const [text, reference] of texts) {
    it(`is ${reference ? reference.join(" → ") : "not"} ${JSON.stringify(text)} [Z20]`, () => {
      assert.deepEqual(parseSecretReference(text), reference && { name: reference[0], key: reference[1] });
    });
  }

  it("is found among the values of a configuration", () => {
    assert.deepEqual(secretReferencesIn({ a: "{{s.one}}", b: 1, c: "plain", d: "{{t.two}}" }), [
      { name: "s", key: "one" },
      { name: "t", key: "two" },
    ]);
  });

  it("is resolved by its key [Z23]", async () => {
    const stored: Record<string, SecretValues> = { login: { user: "me", pin: "7" }, word: { value: '{"user":1}' } };
    const secrets = { readSecret: async (name: string) => stored[name] };
    const resolved = await resolveSecretReferences(
      { a: "{{login.user}}", b: "{{ word.value }}", c: "{{login.pin}}", d: 1 },
      secrets,
      '"mine"',
    );
    assert.deepEqual(resolved, { a: "me", b: '{"user":1}', c: "7", d: 1 });
  });

  it("to a secret or a key that is missing names both, and the keys that exist, never a value [Z23]", async () => {
    const secrets = { readSecret: async (name: string) => (name === "login" ? { user: "s3cr3t" } : undefined) };
    await assert.rejects(
      resolveSecretReferences({ field: "{{none.key}}" }, secrets, '"mine"'),
      fails("secretUnavailable", /"field" of "mine".*secret "none"/),
    );
    await assert.rejects(resolveSecretReferences({ field: "{{login.key}}" }, secrets, '"mine"'), (error) => {
      assert.ok(!String(error).includes("s3cr3t"));
      return fails(
        "secretUnavailable",
        /"field" of "mine" refers to "key" of the secret "login".*available: "user"/,
      )(error);
    });
    await assert.rejects(
      resolveSecretReferences({ field: "{{login.toString}}" }, secrets, '"mine"'),
      fails("secretUnavailable", /no such key/),
    );
    await assert.rejects(
      resolveSecretReferences({ field: "{{login.user}}" }, undefined, '"mine"'),
      fails("secretUnavailable", /not stored/),
    );
  });
});

describe("checking a configuration", () => {
  it("refuses unknown keys though the schema lets them pass, and lists those that exist [Z17]", () => {
    assert.throws(
      () => check({ acount: "x" }),
      fails("configurationInvalid", /unknown field "acount" \(valid fields: uri, region, account/),
    );
    assert.throws(() => check({ __proto__x: 1, toString: 2 }), fails("configurationInvalid", /"toString"/));
  });

  it("freezes what it yields, lists within too [Z18]", () => {
    const config = check({ env: ["a"], limits: { a: 1 } });
    assert.throws(() => Object.assign(config, { count: 2 }), TypeError);
    assert.throws(() => config.env?.push("b"), TypeError);
    assert.throws(() => Object.assign(config.limits ?? {}, { b: 2 }), TypeError);
  });

  it("does not freeze what the user wrote [Z24]", () => {
    const configuration = { env: ["a"], account: "{{s.account}}" };
    check(configuration);
    assert.deepEqual(configuration, { env: ["a"], account: "{{s.account}}" });
    configuration.env.push("b");
  });

  it("warns of a secret in plain text only if asked to, and takes it [Z19]", () => {
    const warnings: string[] = [];
    assert.equal(check({ token: "t0ken" }).token, "t0ken");
    assert.equal(check({ token: "t0ken", account: "plain" }, (message) => warnings.push(message)).token, "t0ken");
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? "", /"mine" \(flavor trial\) has "token" in plain text/);
    assert.ok(!warnings[0]?.includes("t0ken"));
    check({ token: "{{s.token}}" }, () => assert.fail("a reference is no plain text"));
  });

  it("refuses a password in plain text, without telling it", () => {
    assert.throws(
      () => check({ password: "s3cr3t" }),
      (error) => {
        assert.ok(!`${String(error)}${JSON.stringify(error)}`.includes("s3cr3t"));
        return fails("configurationInvalid", /password: a plain-text secret is not allowed in settings/)(error);
      },
    );
    assert.equal(check({ password: "{{s.password}}" }).password, "{{s.password}}");
  });

  for (const field of ["uri", "region", "label"]) {
    it(`refuses a reference in "${field}", whose value itself is checked [Z21]`, () => {
      assert.throws(
        () => check({ [field]: "{{s.key}}" }),
        fails("configurationInvalid", new RegExp(`${field}: a secret reference can't be used here`)),
      );
    });
  }

  it("refuses a reference as a component's name [Z22]", () => {
    assert.throws(
      () => checkConfiguration(flavor, { name: "{{s.name}}", configuration: {} }),
      fails("configurationInvalid", /can't be used as a name/),
    );
  });

  it("reads JSON text for lists and maps, and only there [Z25]", () => {
    assert.deepEqual(check({ env: '["a","b"]', limits: '{"a":1}', either: '["a"]' }), {
      env: ["a", "b"],
      limits: { a: 1 },
      either: '["a"]',
    });
    assert.throws(() => check({ env: "[a" }), fails("configurationInvalid", /env: the text is not valid JSON/));
  });

  it("tells every wrong field at once, and takes null as not given", () => {
    assert.throws(
      () => check({ count: "x", uri: "bad", other: 1 }),
      fails("configurationInvalid", /other.*uri: is bad.*count|other.*count.*uri: is bad/),
    );
    assert.deepEqual(check({ count: null, limits: null }), {});
  });

  it("refuses what the schema as a whole says is not valid [Z26]", () => {
    const whole = {
      ...flavor,
      configSchema: configSchema.refine(({ env, count }) => !env || count !== undefined, {
        error: "env needs a count",
      }),
    };
    assert.throws(
      () => checkConfiguration(whole, { name: "mine", configuration: { env: [] } }),
      fails("configurationInvalid", /env needs a count/),
    );
  });
});

describe("making a component", () => {
  const flavors = new FlavorRegistry();
  flavors.register(flavor);
  const services: ImplementationServices = {
    engine: createEngineAccess({ dockerHost: "unix:///nowhere/docker.sock" }),
    credentials: { find: async () => undefined },
    secrets: { readSecret: async (name) => (name === "s" ? { token: "t0ken", count: "x" } : undefined) },
  };
  const component = (configuration: Record<string, unknown>): Component => ({
    name: "mine",
    type: "image_builder",
    flavor: "trial",
    configuration,
  });
  const make = (configuration: Record<string, unknown>) =>
    createComponent("image_builder", component(configuration), flavors, services);

  it("resolves references only now, and hands them to the implementation [Z23]", async () => {
    loaded.length = 0;
    await assert.rejects(make({ token: "{{s.token}}" }));
    assert.deepEqual(loaded, [{ token: "t0ken" }]);
    await assert.rejects(make({ token: "{{s.none}}" }), fails("secretUnavailable", /"none"/));
    assert.equal(loaded.length, 1);
  });

  it("never loads the implementation for a configuration that is not valid [Z2]", async () => {
    loaded.length = 0;
    await assert.rejects(make({ count: "x" }), fails("configurationInvalid", /count/));
    assert.deepEqual(loaded, []);
  });

  it("tells how to install an implementation that cannot be loaded [Z32]", async () => {
    await assert.rejects(
      make({}),
      fails(
        "implementationUnavailable",
        /Can't load .*"trial", which "mine" uses \(Cannot find module 'heavy'\)\. Install/,
      ),
    );
    const hinted = new FlavorRegistry();
    hinted.register({ ...flavor, installHint: "Run: npm install heavy" });
    await assert.rejects(
      createComponent("image_builder", component({}), hinted, services),
      fails("implementationUnavailable", /Run: npm install heavy$/),
    );
  });
});
