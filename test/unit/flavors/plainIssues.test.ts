import assert from "node:assert/strict";
import * as z from "zod";
import { checkConfiguration } from "../../../src/core/config/checkConfiguration";
import { secretField } from "../../../src/core/config/configFields";
import { connectorTypes } from "../../../src/core/connectors/connectorTypes";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { builtinFlavors } from "../../../src/core/flavors/builtinFlavors";

/** How the schema library words what it finds, which is nothing for a reader. */
const libraryWords = /Invalid (?:input|string|option|number|key)|expected \w+|received|Too (?:small|big)|Unrecognized/;

const fields: Readonly<Record<string, z.ZodType>> = {
  text: z.string(),
  filled: z.string().min(1),
  short: z.string().max(3),
  count: z.number(),
  whole: z.int(),
  least: z.number().min(5),
  more: z.number().gt(5),
  most: z.number().max(5),
  even: z.number().multipleOf(2),
  flag: z.boolean(),
  list: z.array(z.string()).min(2),
  level: z.enum(["low", "high"]),
  only: z.literal("x"),
  either: z.union([z.number(), z.boolean()]),
  map: z.record(z.string(), z.number()),
  place: z.strictObject({ host: z.string() }),
  pattern: z.string().regex(/^a+$/),
  begins: z.string().startsWith("s3://"),
  mail: z.email(),
  custom: z.string().refine((value) => value === "x"),
  own: z.string({ error: "the own words" }),
};

describe("what is wrong with a field", () => {
  const problems: readonly (readonly [field: string, value: unknown, words: string])[] = [
    ["text", 1, "must be text"],
    ["filled", "", "must not be empty"],
    ["short", "long", "must have at most 3 characters"],
    ["count", "x", "must be a number"],
    ["whole", 1.5, "must be a whole number"],
    ["least", 4, "must be at least 5"],
    ["more", 5, "must be more than 5"],
    ["most", 6, "must be at most 5"],
    ["even", 3, "must be a multiple of 2"],
    ["flag", "x", "must be true or false"],
    ["list", { a: 1 }, "must be a list"],
    ["list", ["a"], "must have at least 2 items"],
    ["level", "mid", 'must be "low" or "high"'],
    ["only", "y", 'must be "x"'],
    ["either", {}, "has a value of an unsupported type"],
    ["map", [], "must be an object"],
    ["place", {}, "a value is missing"],
    ["place", { host: "h", port: 1 }, 'has unknown fields: "port"'],
    ["pattern", "b", "must match the pattern /^a+$/"],
    ["begins", "x", 'must begin with "s3://"'],
    ["mail", "x", "must be an email address"],
    ["custom", "y", "is not valid"],
    ["own", 1, "the own words"],
  ];
  for (const [field, value, words] of problems) {
    it(`is said in plain words: ${field} that ${words}`, () => {
      const flavor = { name: "trial", configSchema: z.strictObject({ [field]: fields[field] ?? z.never() }) };
      assert.throws(
        () => checkConfiguration(flavor, { name: "mine", configuration: { [field]: value } }),
        (error) => {
          assert.ok(ImageBuilderError.is(error, "configurationInvalid"));
          assert.ok(error.message.includes(`: ${words}. Fix it in Settings.`), error.message);
          assert.doesNotMatch(error.message, libraryWords);
          return true;
        },
      );
    });
  }

  it("is said by its title where it is missing, else by its description, else by its name", () => {
    const configSchema = z.strictObject({
      one: z.string().meta({ title: "Access key", description: "Of the account" }),
      two: secretField({ plainText: "refused", description: "Secret access key" }),
      three: z.enum(["a", "b"]),
      four: z.union([z.string(), z.number()]).meta({ description: "x".repeat(200) }),
    });
    assert.throws(
      () => checkConfiguration({ name: "trial", configSchema }, { name: "mine", configuration: {} }),
      (error) => {
        const missing = ['"Access key" is missing', '"Secret access key" is missing', '"three" is missing'];
        for (const each of [...missing, '"four" is missing']) assert.ok(String(error).includes(each), String(error));
        return true;
      },
    );
  });

  const schemas = [
    ...builtinFlavors.map(({ name, configSchema }) => ({ name, configSchema })),
    ...connectorTypes.flatMap(({ name: type, authMethods }) =>
      Object.entries(authMethods).map(([method, { configSchema }]) => ({ name: `${type} ${method}`, configSchema })),
    ),
  ];
  for (const schema of schemas) {
    it(`is in our words for every field of ${schema.name} that is missing or of another type`, () => {
      const shape = Object.keys(
        z.toJSONSchema(schema.configSchema, { io: "input", unrepresentable: "any" }).properties ?? {},
      );
      const wrong = [1, true, {}, "x", "{{a.b}}", ["x"]];
      for (const configuration of [{}, ...wrong.map((value) => Object.fromEntries(shape.map((key) => [key, value])))]) {
        try {
          checkConfiguration(schema, { name: "mine", configuration });
        } catch (error) {
          assert.ok(ImageBuilderError.is(error, "configurationInvalid"), String(error));
          assert.doesNotMatch(error.message, libraryWords);
        }
      }
    });
  }
});
