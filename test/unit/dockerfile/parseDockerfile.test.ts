import assert from "node:assert/strict";
import type { Instruction } from "../../../src/core/dockerfile/instruction";
import { csvFields } from "../../../src/core/dockerfile/mountOptions";
import { parseDockerfile } from "../../../src/core/dockerfile/parseDockerfile";

const parse = (text: string): readonly Instruction[] => parseDockerfile(text)?.instructions ?? [];
const outline = (text: string): string[] =>
  parse(text).map(({ keyword, content, line, endLine }) => `${line}-${endLine} ${keyword} ${content}`);

describe("the instructions of a Dockerfile", () => {
  const cases: readonly (readonly [truth: string, text: string, expected: readonly string[]])[] = [
    ["a byte order mark and Windows line ends go", "\ufeff# escape=`\r\nFROM a `\r\n AS b\r\n", ["2-3 FROM a  AS b"]],
    ["a directive counts at the top only", "# note\n# escape=`\nFROM a \\\n AS b\n", ["3-4 FROM a  AS b"]],
    ["a directive counts once", "# syntax=a\n# escape=`\n# escape=\\\nFROM a `\n AS b\n", ["4-5 FROM a  AS b"]],
    ["a directive that nobody knows ends them", "# other=1\n# escape=`\nRUN a \\\n b\n", ["3-4 RUN a  b"]],
    ["`check` is a directive", "# check=skip=all\n# escape=`\nRUN a `\n b\n", ["3-4 RUN a  b"]],
    ["a doubled escape character does not go on", "RUN a \\\\\nRUN b", ["1-1 RUN a \\\\", "2-2 RUN b"]],
    ["spaces may follow the escape character", "RUN a \\ \t\n b", ["1-2 RUN a  b"]],
    ["comments and empty lines between are left out", "RUN a \\\n\n  # x\n b \\\n", ["1-4 RUN a  b"]],
    ["spaces in front go", "  \tfrom a\n", ["1-1 FROM a"]],
    ["a lone escape character begins a line", "\\\n  FROM a\n", ["1-2 FROM a"]],
    [
      "here-documents are skipped",
      "RUN <<A <<-B && x\nFROM 1\nA\nFROM 2\n\tB\nFROM 3",
      ["1-5 RUN <<A <<-B && x", "6-6 FROM 3"],
    ],
    ["the mark may be quoted in parts", 'COPY <<E"O"F /x\nFROM 1\nEOF\nFROM 2', ['1-3 COPY <<E"O"F /x', "4-4 FROM 2"]],
    ["a space may follow `<<`", "RUN cat << EOF\nFROM 1\nEOF\nFROM 2", ["1-3 RUN cat << EOF", "4-4 FROM 2"]],
    ["the mark may have a number", "RUN 3<<EOF cat\nFROM 1\nEOF\nFROM 2", ["1-3 RUN 3<<EOF cat", "4-4 FROM 2"]],
    ["a mark in quotes is none", "RUN echo '<<EOF'\nFROM 2", ["1-1 RUN echo '<<EOF'", "2-2 FROM 2"]],
    [
      "nothing is a mark where a quote stays open",
      "RUN echo it's <<EOF\nFROM 2",
      ["1-1 RUN echo it's <<EOF", "2-2 FROM 2"],
    ],
    ["`<<<` is no mark", "RUN cat <<<EOF\nFROM 2", ["1-1 RUN cat <<<EOF", "2-2 FROM 2"]],
    ["JSON has no here-documents", 'RUN ["<<EOF"]\nFROM 2', ['1-1 RUN ["<<EOF"]', "2-2 FROM 2"]],
    ["other instructions have none", "ENV A=<<EOF\nFROM 2", ["1-1 ENV A=<<EOF", "2-2 FROM 2"]],
    ["triggers have some", "ONBUILD COPY <<EOF /x\nFROM 1\nEOF\nFROM 2", ["1-3 ONBUILD COPY <<EOF /x", "4-4 FROM 2"]],
    [
      "Windows line ends end here-documents",
      "COPY <<EOF /x\r\nFROM 1\r\nEOF\r\nFROM 2\r\n",
      ["1-3 COPY <<EOF /x", "4-4 FROM 2"],
    ],
  ];
  for (const [truth, text, expected] of cases) it(truth, () => assert.deepEqual(outline(text), expected));

  const flags: readonly (readonly [truth: string, text: string, expected: readonly string[], content: string])[] = [
    ["are told from words", "COPY --Link --chown=1:1 -- a b", ["link=", "chown=1:1"], "a b"],
    [
      "lose quotes and escapes",
      "RUN --mount=type=bind,'source=a b',target=\\\"c x",
      ['mount=type=bind,source=a b,target="c'],
      "x",
    ],
    ["keep quotes in other quotes", "RUN --mount='type=bind,\"source=a,b\"' x", ['mount=type=bind,"source=a,b"'], "x"],
    ["come first only", "RUN x --mount=y", [], "x --mount=y"],
    ["are read byte by byte", "RUN --mount=src=é x", ["mount=src=Ã©"], "x"],
  ];
  for (const [truth, text, expected, content] of flags) {
    it(`their flags ${truth}`, () => {
      const [instruction] = parse(text);
      assert.deepEqual(
        instruction?.flags.map(({ name, value = "" }) => `${name}=${value}`),
        expected,
      );
      assert.equal(instruction?.content, content);
    });
  }

  it("know where their words are, over lines and after letters of several bytes", () => {
    const [copy] = parse("COPY --chown=é:é 'ü' \\\n  b c/");
    assert.deepEqual(
      copy?.flags.map(({ range }) => [range.column, range.endColumn]),
      [[6, 17]],
    );
    assert.deepEqual(
      copy?.words.map(({ text, range }) => [text, range.line, range.column, range.endColumn]),
      [
        ["'ü'", 1, 18, 21],
        ["b", 2, 3, 4],
        ["c/", 2, 5, 7],
      ],
    );
  });

  it("pair names with values in both forms", () => {
    const pairs = (text: string): string[] => parse(text)[0]?.pairs.map(({ name, value }) => `${name}=${value}`) ?? [];
    assert.deepEqual(pairs("ENV A=b C=\"d e\" F='g'\\ h"), ["A=b", 'C="d e"', "F='g'\\ h"]);
    assert.deepEqual(pairs("ENV A  b c=d"), ["A=b c=d"]);
    assert.deepEqual(pairs("ENV A"), []);
  });
});

describe("the fields of a mount", () => {
  const cases: readonly (readonly [text: string, expected: readonly string[]])[] = [
    ["a=b,c", ["a=b", "c"]],
    ['"a=b,c",d', ["a=b,c", "d"]],
    ['a,"b""c"', ["a", 'b"c']],
    ["", [""]],
    ["a,", ["a", ""]],
    ['"a"b,c', ["ab", "c"]],
    ['"a,b', ["a,b"]],
  ];
  for (const [text, expected] of cases)
    it(`of ${text} are ${expected.join(" and ")}`, () => assert.deepEqual(csvFields(text), expected));
});
