import assert from "node:assert/strict";
import Ajv from "ajv";
import { readImageSpec } from "../../../src/core/image/spec/readImageSpec";
import { specJsonSchema } from "../../../src/core/image/spec/specJsonSchema";
import { Random } from "../../../scripts/oracle/random.mjs";
import { volume } from "../../support/volume";

/** What the schema has no words for: rules of the methods themselves, of packages, and of keys together. */
const beyondTheSchema = new Set(["argument-invalid", "package-invalid"]);

const scalars = ["git", "/app", "linux/amd64", "all", "3.10", "", 3.11, 5, true, null];
const keys = [
  "packages",
  "file",
  "src",
  "dst",
  "pre",
  "copyStyle",
  "imageUri",
  "name",
  "registry",
  "script",
  "platform",
  "secretMounts",
  "sshMount",
  "key",
  "pythonVersion",
  "extendable",
  "wrong",
];
const bases = ["debianBase", "base", "refName", "uvScript", "dockerfile", "wrong"];
const layers = [
  "aptPackages",
  "apkPackages",
  "dnfPackages",
  "microdnfPackages",
  "pipPackages",
  "requirements",
  "envVars",
  "workdir",
  "commands",
  "sourceFolder",
  "sourceFile",
  "codeBundle",
  "dockerignore",
  "uvProject",
  "poetryProject",
  "user",
  "entrypoint",
  "cmd",
  "expose",
  "labels",
  "buildArgs",
  "localV2",
  "localV2Plugins",
  "wrong",
];

describe("the JSON Schema of spec files", () => {
  const count = volume(2_000, 20_000);

  it(`accepts what the reader accepts, and nothing else, in ${count.toLocaleString("en")} random files`, function () {
    this.timeout(60_000);
    const seed = Date.now() % 1e6;
    const random = new Random(seed);
    const one = <T>(list: readonly T[]): T => list[random.below(list.length)] as T;
    const value = (depth: number): unknown => {
      if (depth === 0 || random.chance(0.5)) return one(scalars);
      if (random.chance(0.4)) return Array.from({ length: random.below(3) }, () => value(depth - 1));
      return Object.fromEntries(Array.from({ length: random.below(3) }, () => [one(keys), value(depth - 1)]));
    };
    const validate = new Ajv({ strict: false }).compile(specJsonSchema());
    let accepted = 0;
    for (let i = 0; i < count; i++) {
      const spec = {
        from: { [one(bases)]: value(2), ...(random.chance(0.05) && { [one(bases)]: value(1) }) },
        ...(random.chance(0.7) && { clone: random.chance(0.8) ? { name: "app" } : value(2) }),
        ...(random.chance(0.5) && {
          layers: Array.from({ length: random.below(3) }, () => ({ [one(layers)]: value(2) })),
        }),
        ...(random.chance(0.1) && { [one(["x-mine", "wrong", "$schema"])]: one(scalars) }),
      };
      const text = JSON.stringify(spec);
      const told = readImageSpec(text, "app.image.json").problems.filter(
        ({ code, message }) => !beyondTheSchema.has(code) && !message.includes("needs a name"),
      );
      const isValid = validate(spec);
      if (isValid) accepted++;
      assert.equal(
        told.length === 0,
        isValid,
        `seed ${seed}: ${text}\n${JSON.stringify(told)}\n${JSON.stringify(validate.errors)}`,
      );
    }
    assert.ok(accepted > count / 40, `seed ${seed}: only ${accepted} were valid`);
  });

  it("has words for every key", () => {
    const silent: string[] = [];
    const visit = (schema: ReturnType<typeof specJsonSchema>, path: string): void => {
      for (const variant of [schema, ...(schema.anyOf ?? [])]) {
        for (const [key, each] of Object.entries(variant.properties ?? {})) {
          if (!each.description && key !== "from") silent.push(`${path}/${key}`);
          visit(each, `${path}/${key}`);
        }
        if (variant !== schema) visit(variant, path);
        if (variant.items) visit(variant.items, path);
      }
    };
    visit(specJsonSchema(), "");
    assert.deepEqual(silent, []);
  });
});
