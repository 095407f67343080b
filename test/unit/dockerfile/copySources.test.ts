import assert from "node:assert/strict";
import { copySources } from "../../../src/core/dockerfile/copySources";

const cases: readonly {
  readonly truth: string;
  readonly text: string;
  readonly sources: readonly (string | undefined)[];
  /** Those that a build asks for at least. */
  readonly reached?: readonly (string | undefined)[];
}[] = [
  { truth: "an empty file takes nothing", text: "", sources: [] },
  { truth: "the last word is where to", text: "FROM a\nCOPY x y/ ./z /dst", sources: ["x", "y", "z"] },
  { truth: "a COPY without a target takes nothing", text: "FROM a\nCOPY\nCOPY x", sources: [] },
  {
    truth: "the whole context is the empty path",
    text: "FROM a\nCOPY . /a\nCOPY ./ /b\nCOPY / /c",
    sources: ["", "", ""],
  },
  { truth: "no path leads out of the context", text: "FROM a\nCOPY ../x /y/../z /", sources: ["x", "z"] },
  { truth: "flags are no sources", text: "FROM a\ncopy --chown=1:1 --link --chmod=755 x /", sources: ["x"] },
  {
    truth: "what comes from a stage or an image is not the context's",
    text: "FROM a AS b\nFROM c\nCOPY --from=b x /\nCOPY --from=0 x /\nADD --from=nginx x /",
    sources: [],
  },
  {
    truth: "the JSON form may hold spaces",
    text: 'FROM a\nCOPY --link ["a b", "c\\td", "/x/"]',
    sources: ["a b", "c\td"],
  },
  { truth: "what only looks like JSON is words", text: "FROM a\nCOPY [ab]c x /", sources: ["[ab]c", "x"] },
  { truth: "quotes and escapes go", text: "FROM a\nCOPY 'x' \"y\" a\\b /", sources: ["x", "y", "ab"] },
  { truth: "a quote that is not closed hides its word", text: "FROM a\nCOPY 'q r /", sources: [undefined, "r"] },
  {
    truth: "remote files are not the context's",
    text: "FROM a\nADD https://x.y/z git@github.com:a/b.git ssh://git@h/a.git local.tar /",
    sources: ["local.tar"],
  },
  {
    truth: "what only looks remote is a path",
    text: "FROM a\nADD github.com/a/b ftp://x/y /",
    sources: ["github.com/a/b", "ftp:/x/y"],
  },
  {
    truth: "here-documents are not files",
    text: "FROM a\nCOPY <<EOF <<-'B' c.txt /d/\nhello\nCOPY x y\nEOF\n\tB\nB\nCOPY z /",
    sources: ["c.txt", "z"],
  },
  {
    truth: "an empty here-document ends at once",
    text: "FROM a\nCOPY <<EOF b /d/\nEOF\nCOPY z /",
    sources: ["b", "z"],
  },
  { truth: "the script of a RUN is no instruction", text: "FROM a\nRUN <<EOF\nCOPY x y\nEOF", sources: [] },
  {
    truth: "continued lines and comments between them",
    text: "FROM a\nCOPY x \\\n  # not this\n  y \\\n\n  /z",
    sources: ["x", "y"],
  },
  { truth: "Windows line ends", text: "FROM a\r\nCOPY x \\\r\n  y /z\r\nCOPY w /\r\n", sources: ["x", "y", "w"] },
  { truth: "the escape directive is followed", text: "# escape=`\nFROM a\nCOPY x `\n y c:\\z", sources: ["x", "y"] },
  { truth: "ONBUILD acts on another context", text: "FROM a\nONBUILD COPY x /", sources: [] },
  {
    truth: "bind mounts take from the context",
    text:
      "FROM a AS s\n" +
      "RUN --mount=type=bind,source=p.json,target=/p --mount=src=q,dst=/q " +
      "--mount=type=cache,target=/c --mount=from=s,source=r x",
    sources: ["p.json", "q"],
  },
  {
    truth: "bind mounts without a source take all of the context",
    text: "FROM a\nRUN --mount=type=bind,target=. --mount=target=/b,rw --mount=type=tmpfs,target=/t x",
    sources: ["", ""],
  },
  {
    truth: "variables of the stage",
    text: 'FROM a\nARG D=dist\nENV E=$D/js F="x"\nCOPY ${E} $F$D ${N:-n} /',
    sources: ["dist/js", "xdist", undefined],
  },
  {
    truth: "a global ARG counts in a stage only once it is declared there",
    text: "ARG D=dist\nFROM a\nCOPY $D /\nARG D\nCOPY $D/x /",
    sources: [undefined, "dist/x"],
  },
  {
    truth: "ENV comes with the stage that is built on",
    text: "FROM a AS b\nENV D=d\nARG X=x\nFROM b\nCOPY $D $X /",
    sources: ["d", undefined],
  },
  {
    truth: "the later of ENV and ARG wins",
    text: "FROM a\nENV D=env\nARG D=arg\nCOPY $D /1\nENV D=again\nCOPY $D /2",
    sources: ["arg", "again"],
  },
  {
    truth: "an assignment sees the values before its line",
    text: "FROM a\nENV D=one\nENV D=two E=$D\nCOPY $E /",
    sources: ["one"],
  },
  {
    truth: "a default that is told by the same ARG is not known, since builders up to Docker 26 read it as before it",
    text: "FROM scratch\nARG C=b NONE=${C:-} F=f\nCOPY p$NONE $C $F /\nARG C=b G=g$C\nCOPY $G /",
    sources: [undefined, "b", "f", "gb"],
  },
  {
    truth: "an ARG in a stage may set what its name comes to, as up to Docker 26",
    text: 'FROM scratch\nARG N=D D=d E=e F=f\nARG $N=x "E"=y\nCOPY $D $E $F /',
    sources: [undefined, undefined, "f"],
  },
  {
    truth: "single quotes and escapes keep a dollar",
    text: "FROM a\nENV D=d\nCOPY '$D' \\$D /",
    sources: ["$D", "$D"],
  },
  {
    truth: "an unknown variable hides the source",
    text: "FROM a\nARG D\nCOPY $D/x ${TARGETARCH} ${D#x} y /",
    sources: [undefined, undefined, undefined, "y"],
  },
  {
    truth: "an argument that is declared again without a value may be unset for FROM, too, as up to Docker 26",
    text: "ARG BASE=busybox\nARG BASE\nFROM a AS one\nCOPY keys /\nFROM ${BASE:-one}\nARG BASE\nCOPY $BASE y /",
    sources: ["keys", undefined, "y"],
    reached: ["keys", undefined, "y"],
  },
  {
    truth: "defaults and alternatives",
    text: "FROM a\nARG D=d E=\nCOPY ${D:-x} ${D:+alt} ${E:-e} /",
    sources: ["d", "alt", "e"],
  },
];

describe("what a Dockerfile takes from its context", () => {
  for (const { truth, text, sources, reached = [] } of cases) {
    it(truth, () => {
      const found = copySources(text);
      assert.deepEqual(
        found.map(({ path }) => path),
        sources,
      );
      const paths = found.flatMap(({ isReached, path }) => (isReached ? [path] : []));
      for (const path of reached) assert.ok(paths.includes(path), String(path));
    });
  }

  it("build arguments win over defaults", () => {
    assert.deepEqual(
      copySources("ARG D=x\nFROM a\nARG D\nCOPY $D /", { D: "y" }).map(({ path }) => path),
      ["y"],
    );
  });

  it("each source is found where it is written, columns from 1", () => {
    const found = copySources(
      'FROM a\nCOPY --link x \\\n  yy /\nADD ["a b", "/"]\nRUN --mount=source=p,target=/p true',
    );
    assert.deepEqual(
      found.map(({ path, range }) => [path, range.line, range.column, range.endColumn]),
      [
        ["x", 2, 13, 14],
        ["yy", 3, 3, 5],
        ["a b", 4, 6, 11],
        ["p", 5, 5, 31],
      ],
    );
  });

  it("the sources of one instruction share its number", () => {
    const numbers = copySources("FROM a\nCOPY x y /\nRUN z\nADD w /").map(({ instruction }) => instruction);
    assert.equal(numbers[0], numbers[1]);
    assert.notEqual(numbers[1], numbers[2]);
  });

  it("wildcards are told from names", () => {
    const found = copySources("FROM a\nCOPY --parents **/x /\nCOPY *.js b? [c] d /");
    assert.deepEqual(
      found.map(({ isWildcard, spansFolders }) => [isWildcard, spansFolders]),
      [
        [true, true],
        [true, false],
        [true, false],
        [true, false],
        [false, false],
      ],
    );
  });

  it("a stage that the last one does not need is not reached", () => {
    const text =
      "FROM a AS unused\nCOPY u /\nFROM a AS Base\nCOPY b /\nFROM a AS mounted\nCOPY m /\nFROM a\nCOPY n /\n" +
      "FROM base\nRUN --mount=type=bind,from=mounted,target=/m x\nCOPY --from=3 x /\nCOPY l /";
    assert.deepEqual(
      copySources(text)
        .filter(({ isReached }) => isReached)
        .map(({ path }) => path),
      ["b", "m", "n", "l"],
    );
  });
});
