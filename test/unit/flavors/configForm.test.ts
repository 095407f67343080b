import assert from "node:assert/strict";
import * as z from "zod";
import { builtinFlavors } from "../../../src/core/flavors/builtinFlavors";
import { configurationProblems } from "../../../src/core/config/checkConfiguration";
import { clearTextField, secretField } from "../../../src/core/config/configFields";
import { configForm, fieldProblem, readTyped, type FieldKind } from "../../../src/core/config/configForm";

const fields: Readonly<Record<string, readonly [schema: z.ZodType, kind: FieldKind, takesReference: boolean]>> = {
  text: [z.string(), "text", true],
  checked: [z.string().regex(/^a/), "text", false],
  clear: [clearTextField("Shown"), "text", false],
  secret: [secretField({ plainText: "refused", description: "A password" }), "secret", true],
  choice: [z.enum(["a", "b"]).default("a"), "choice", false],
  only: [z.literal("x").optional(), "choice", false],
  perhaps: [z.union([z.literal(1), z.literal("one")]).nullable(), "choice", false],
  flag: [z.boolean().default(false), "boolean", false],
  count: [z.int().optional(), "number", false],
  ratio: [z.number().nullable().optional(), "number", false],
  list: [z.array(z.string()).optional(), "json", false],
  map: [z.record(z.string(), z.number()).optional(), "json", false],
  either: [z.union([z.string(), z.array(z.string())]).optional(), "text", false],
};
const flavor = {
  name: "trial",
  configSchema: z.strictObject(Object.fromEntries(Object.entries(fields).map(([name, [schema]]) => [name, schema]))),
};
const form = configForm(flavor);

describe("a configuration's form", () => {
  for (const [name, [, kind, takesReference]] of Object.entries(fields)) {
    it(`asks for "${name}" as ${kind}${takesReference ? " or a reference" : ""}`, () => {
      const field = form.find((each) => each.name === name);
      assert.deepEqual([field?.kind, field?.takesReference], [kind, takesReference]);
    });
  }

  it("has what is required first, and the rest in the schema's order", () => {
    assert.deepEqual(
      form.map(({ name, required }) => (required ? name.toUpperCase() : name)),
      [
        "TEXT",
        "CHECKED",
        "CLEAR",
        "SECRET",
        "PERHAPS",
        "choice",
        "only",
        "flag",
        "count",
        "ratio",
        "list",
        "map",
        "either",
      ],
    );
  });

  it("knows choices, defaults and descriptions", () => {
    const of = (name: string) => form.find((field) => field.name === name);
    assert.deepEqual(
      [of("choice")?.choices, of("choice")?.default, of("only")?.choices, of("perhaps")?.choices],
      [["a", "b"], "a", ["x"], [1, "one"]],
    );
    assert.equal(of("secret")?.description, "A password");
  });

  it("can be made of every built-in flavor", () => {
    const names = builtinFlavors.map((each) => [
      each.name,
      configForm(each)
        .map((field) => field.name + (field.required ? "*" : ""))
        .join(" "),
    ]);
    const registry = "uri* authenticationSecret defaultRepository insecure";
    assert.deepEqual(Object.fromEntries(names), {
      local: "",
      buildkit: "nodes instance",
      embedded: "fallback level cacheMiB verify mediaTypes",
      default: registry,
      dockerhub: registry,
      github: registry,
      gcp: registry,
      azure: registry,
      aws: `${registry} createMissingRepositories`,
    });
  });

  it("reads what is typed as the field's kind has it", () => {
    const read = (name: string, text: string): unknown =>
      form.flatMap((field) => (field.name === name ? [readTyped(field, text)] : []))[0];
    assert.deepEqual(
      [
        read("text", "1"),
        read("count", "12"),
        read("count", "x"),
        read("list", '["a"]'),
        read("list", "[a"),
        read("map", ""),
      ],
      ["1", 12, "x", ["a"], "[a", undefined],
    );
  });

  it("says of one field what is wrong with it while others are still missing", () => {
    assert.equal(fieldProblem(flavor, "checked", { checked: "ab" }), undefined);
    assert.match(fieldProblem(flavor, "checked", { checked: "b" }) ?? "", /^Must match the pattern .*\.$/);
    assert.match(fieldProblem(flavor, "list", { list: "[a" }) ?? "", /^The text is not valid JSON\.$/);
    assert.match(
      fieldProblem(flavor, "secret", { secret: "plain" }) ?? "",
      /^A plain-text secret is not allowed in settings/,
    );
  });

  it("is told each problem by its place, keys that are unknown too", () => {
    const { problems } = configurationProblems(flavor, {
      configuration: {
        text: "t",
        checked: "a",
        clear: "c",
        secret: "{{s.k}}",
        perhaps: null,
        list: ["a", 1],
        other: 1,
      },
    });
    assert.deepEqual(
      problems.map(({ path, isUnknownField = false }) => [path.join("."), isUnknownField]),
      [
        ["other", true],
        ["perhaps", false],
        ["list.1", false],
      ],
    );
  });
});
