import assert from "node:assert/strict";
import * as z from "zod";
import { FlavorArguments } from "../../../src/core/components/argumentValues";
import { awsRegistryFlavor } from "../../../src/core/registries/aws";

const names = new FlavorArguments({
  name: "trial",
  configSchema: z.strictObject({
    flag: z.boolean().default(false),
    maybe: z.boolean().nullable().optional(),
    limit: z.int().min(1).optional(),
    ratio: z.number().optional(),
    names: z.array(z.string()).optional(),
    ports: z.array(z.int()).nullable().optional(),
    mounts: z.array(z.object({ from: z.string() })).optional(),
    env: z.record(z.string(), z.string()).optional(),
    level: z.enum(["low", "high"]).optional(),
    version: z.union([z.literal(1), z.literal("next")]).optional(),
    baseImage: z.string().optional(),
    text: z.union([z.string(), z.boolean()]).optional(),
    kept_name: z.string().optional(),
  }),
});

describe("the arguments of a flavor", () => {
  const values: readonly (readonly [key: string, text: string, value: unknown])[] = [
    ["flag", "true", true],
    ["flag", "False", false],
    ["flag", "1", true],
    ["flag", "off", false],
    ["maybe", "yes", true],
    ["flag", "perhaps", "perhaps"],
    ["flag", "", ""],
    ["limit", "300", 300],
    ["limit", "-1", -1],
    ["limit", "3e2", 300],
    ["limit", "0x10", "0x10"],
    ["limit", "", ""],
    ["limit", "many", "many"],
    ["limit", "Infinity", "Infinity"],
    ["ratio", "0.25", 0.25],
    ["ratio", ".5", 0.5],
    ["names", '["a","b"]', ["a", "b"]],
    ["names", "a,b", ["a", "b"]],
    ["names", "a, b", ["a", "b"]],
    ["names", "one", ["one"]],
    ["names", "true", ["true"]],
    ["names", "7", ["7"]],
    ["names", "[a", "[a"],
    ["ports", "80,443", [80, 443]],
    ["ports", "[80]", [80]],
    ["ports", "80,http", [80, "http"]],
    ["mounts", '[{"from":"a"}]', [{ from: "a" }]],
    ["mounts", "a,b", "a,b"],
    ["env", '{"A":"1"}', { A: "1" }],
    ["env", "A=1", "A=1"],
    ["level", "high", "high"],
    ["level", "higher", "higher"],
    ["version", "1", 1],
    ["version", "next", "next"],
    ["baseImage", "300", "300"],
    ["text", "true", "true"],
    ["unknown", "true", "true"],
  ];
  for (const [key, text, value] of values) {
    it(`are values of its fields: --${key}=${text} is ${JSON.stringify(value)}`, () => {
      assert.deepEqual(names.valuesOf({ [key]: text }), { [key]: value });
    });
  }

  const written: readonly (readonly [written: string, name: string])[] = [
    ["base_image", "baseImage"],
    ["baseImage", "baseImage"],
    ["kept_name", "kept_name"],
    ["keptName", "keptName"],
    ["_flag", "_flag"],
    ["base__image", "baseImage"],
    ["none_such", "none_such"],
    ["toString", "toString"],
  ];
  for (const [as, name] of written) {
    it(`have ZenML's names, too: ${as} is ${name}`, () => assert.equal(names.nameOf(as), name));
  }

  it("of a registry are those that ZenML documents", () => {
    const registry = new FlavorArguments(awsRegistryFlavor);
    assert.deepEqual(
      registry.valuesOf({
        uri: "715803424592.dkr.ecr.us-east-1.amazonaws.com",
        authentication_secret: "ecr",
        default_repository: "team/app",
        create_missing_repositories: "True",
      }),
      {
        uri: "715803424592.dkr.ecr.us-east-1.amazonaws.com",
        authenticationSecret: "ecr",
        defaultRepository: "team/app",
        createMissingRepositories: true,
      },
    );
  });
});
