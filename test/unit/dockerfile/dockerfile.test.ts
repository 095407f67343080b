import assert from "node:assert/strict";
import { outlineDockerfile } from "../../../src/core/dockerfile/dockerfile";

const cases: readonly {
  readonly truth: string;
  readonly text: string;
  readonly stages: string[];
  readonly args: Record<string, string | undefined>;
}[] = [
  { truth: "an empty file offers nothing", text: "", stages: [], args: {} },
  { truth: "a stage without a name is no target", text: "FROM scratch\nCOPY . /", stages: [], args: {} },
  {
    truth: "stages keep their order and are told once",
    text: "FROM a AS Base\nFROM base as test\nFROM x AS base",
    stages: ["base", "test"],
    args: {},
  },
  {
    truth: "arguments are found before and inside stages",
    text: "ARG V=1\nFROM a:$V AS b\nARG D\nFROM b\nARG E=x",
    stages: ["b"],
    args: { V: "1", D: undefined, E: "x" },
  },
  {
    truth: "an argument repeated in a stage keeps its default",
    text: "ARG V=1\nFROM a\nARG V",
    stages: [],
    args: { V: "1" },
  },
  { truth: "a default that only a stage gives counts", text: "ARG V\nFROM a\nARG V=2", stages: [], args: { V: "2" } },
  {
    truth: "one ARG declares several, quotes taken off",
    text: `FROM a\nARG A B=2 C="x y" D='=' E=`,
    stages: [],
    args: { A: undefined, B: "2", C: "x y", D: "=", E: "" },
  },
  {
    truth: "continued lines, comments and Windows line ends",
    text: "# syntax=docker/dockerfile:1\r\nFROM a \\\r\n  AS one\r\n# FROM b AS two\r\nARG X=1 \\\r\n  Y=2\r\n",
    stages: ["one"],
    args: { X: "1", Y: "2" },
  },
  {
    truth: "the escape directive is followed",
    text: "# escape=`\nFROM a `\n AS win\nARG P=c:\\x",
    stages: ["win"],
    args: { P: "c:\\x" },
  },
  {
    truth: "a FROM inside a here-document is text",
    text: "FROM a AS one\nRUN <<EOF\nFROM b AS two\nARG Z\nEOF\n",
    stages: ["one"],
    args: {},
  },
  { truth: "broken lines are passed over", text: "FROM\nARG\nFRM a AS x\nFROM b AS ok", stages: ["ok"], args: {} },
];

describe("the outline of a Dockerfile", () => {
  for (const { truth, text, stages, args } of cases) {
    it(truth, () => {
      const outline = outlineDockerfile(text);
      assert.deepEqual(outline.stages, stages);
      assert.deepEqual(Object.fromEntries(outline.args.map((arg) => [arg.name, arg.defaultValue])), args);
    });
  }
});
