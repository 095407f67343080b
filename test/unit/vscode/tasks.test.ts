import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import type { BuildChoices } from "../../../src/api/api";
import { checkBuildOptions } from "../../../src/core/base/checkBuildOptions";
import { terminalLines } from "../../../src/vscode/ui/terminalLines";
import { problemLine } from "../../../src/vscode/tasks/problemLine";

interface Manifest {
  readonly contributes: {
    readonly taskDefinitions: readonly {
      readonly type: string;
      readonly required: readonly string[];
      readonly properties: Readonly<Record<string, object>>;
    }[];
    readonly problemMatchers: readonly { readonly name: string; readonly pattern: { readonly regexp: string } }[];
  };
}

const { contributes } = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
const { properties = {}, required = [], type } = contributes.taskDefinitions[0] ?? {};

/** A value of each build option. The compiler requires all of them. */
const examples: Required<BuildChoices> = {
  buildArgs: { A: "b" },
  buildContexts: { app: "docker-image://busybox:1.35" },
  labels: { a: "b" },
  target: "one",
  platform: "linux/amd64,linux/arm64",
  networkMode: "host",
  cacheFrom: ["type=registry,ref=example.com/cache"],
  cacheTo: ["type=inline"],
  extraHosts: ["db:127.0.0.1"],
  noCache: true,
  noCacheFilter: ["one"],
  pull: true,
  secrets: { a: { env: "A" }, b: { file: "b" }, c: { secret: "c" } },
  ssh: { default: "agent" },
  output: { type: "oci", dest: "/out.tar" },
  shmSizeBytes: 1,
  ulimits: ["nofile=1024:2048"],
  squash: true,
  memoryBytes: 1,
  memorySwapBytes: -1,
  cpuShares: 0,
  cpuSetCpus: "0-2",
  isolation: "default",
};
const own = ["task", "folder", "dockerfile", "imageName", "builder", "registry", "spec", "push"];

describe("the schema of tasks", () => {
  const ajv = new Ajv({ strict: false });

  it("has each build option of the commands, and no other", () => {
    assert.equal(type, "image-builders");
    assert.deepEqual(required, ["task"]);
    assert.deepEqual(Object.keys(properties).sort(), [...own, ...Object.keys(examples)].sort());
  });

  for (const [name, value] of Object.entries(examples))
    it(`accepts the values of "${name}" that a build accepts`, () => {
      const schema = properties[name] ?? assert.fail();
      assert.doesNotThrow(() => checkBuildOptions({ [name]: value }));
      assert.ok(ajv.validate(schema, value), ajv.errorsText());
      const wrong = typeof value === "number" ? "x" : 5;
      assert.throws(() => checkBuildOptions({ [name]: wrong }));
      assert.equal(ajv.validate(schema, wrong), false);
    });
});

describe("the problem matcher of tasks", () => {
  const { name, pattern } = contributes.problemMatchers[0] ?? assert.fail();
  const matched = (line: string): string[] | undefined => new RegExp(pattern.regexp).exec(line)?.slice(1);

  it("reads each line that a task writes of a problem", () => {
    assert.equal(name, "image-builders");
    const message = "The build failed:\nexit 3 at 4:5: error: no";
    for (const file of [
      "/shop/Dockerfile",
      "/with space/a:1:2: error: x/Dockerfile",
      "C:\\shop\\Dockerfile",
      "\\\\pc\\s\\f",
    ])
      for (const severity of ["error", "warning"] as const) {
        const line = problemLine({ message: "no such file", location: { file, line: 12, column: 3 }, severity });
        assert.deepEqual(matched(line), [file, "12", "3", severity, "no such file"]);
      }
    const long = problemLine({ message, location: { file: "/Dockerfile", line: 1 }, severity: "error" });
    assert.ok(!long.includes("\n") && matched(long), long);
  });

  it("reads no line of a step, and cuts a message without end", () => {
    assert.equal(matched("#5 0.1 /etc/passwd:1:1: error: x"), undefined);
    assert.equal(matched("etc/passwd:1:1: error: x"), undefined);
    const line = problemLine({
      message: "x".repeat(1_000_000),
      location: { file: "/f", line: 1 },
      severity: "error",
    });
    assert.ok(line.length < 1_100);
  });
});

describe("the terminal of a task", () => {
  it("shows foreign lines without escape codes and hidden characters", () => {
    const hostile = "a\u001b[2Jb\u001b]0;title\u0007\r\u202ec\u0007";
    const shown = terminalLines(`${hostile}\nnext`);
    assert.match(shown, /^a[^\u001b]*\r\nnext\r\n$/);
    assert.ok(!/[\u0007\u001b\u202e]/.test(shown), JSON.stringify(shown));
  });

  it("colors a text line by line, and ends each color in its line", () => {
    assert.equal(terminalLines("a\nb", "error"), "\u001b[31ma\u001b[0m\r\n\u001b[31mb\u001b[0m\r\n");
  });
});
