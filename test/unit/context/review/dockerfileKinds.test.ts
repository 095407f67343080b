import assert from "node:assert/strict";
import { requestedPaths } from "../../../../src/core/worker/requestedPaths";
import { temporaryFolder, removeTemporaryFolders } from "../../../support/folder";
import { lintSetting } from "../lint/support";

interface Kind {
  readonly truth: string;
  readonly text: string;
  /** Where the secret is; default is `keys/id_rsa`. */
  readonly secret?: string;
}

const stages = "FROM scratch AS base-amd64\nCOPY keys /keys/\nFROM scratch AS base-arm64\nCOPY keys /keys/\n";
const prod = "FROM scratch AS prod\nCOPY keys /\n";

/** Dockerfiles of which BuildKit asks for the secret. */
const seen: readonly Kind[] = [
  { truth: "FROM names a stage by the platform", text: `${stages}FROM base-\${TARGETARCH}\nCOPY app /\n` },
  { truth: "FROM names a stage by the platform, without braces", text: `${stages}FROM base-$TARGETARCH\nCOPY app /\n` },
  { truth: "FROM names a stage by an alternative", text: `ARG BASE\n${prod}FROM \${BASE:-prod}\nCOPY app /\n` },
  {
    truth: "FROM names a stage by an alternative with a dash only",
    text: `ARG BASE\n${prod}FROM \${BASE-prod}\nCOPY app /\n`,
  },
  { truth: "FROM names a stage where a variable is set", text: `ARG BASE=x\n${prod}FROM \${BASE:+prod}\nCOPY app /\n` },
  {
    truth: "an ARG takes the platform on",
    text: `ARG FLAVOR=\${TARGETARCH}\n${stages}FROM base-\${FLAVOR}\nCOPY app /\n`,
  },
  { truth: "an end is cut off", text: `ARG B=prod.tar.gz\n${prod}FROM \${B%%.*}\nCOPY app /\n` },
  { truth: "the shortest end is cut off", text: `ARG B=prod.gz\n${prod}FROM \${B%.*}\nCOPY app /\n` },
  { truth: "a beginning is cut off", text: `ARG B=x-prod\n${prod}FROM \${B#x-}\nCOPY app /\n` },
  { truth: "the longest beginning is cut off", text: `ARG B=x-y-prod\n${prod}FROM \${B##*-}\nCOPY app /\n` },
  { truth: "a part is replaced", text: `ARG B=xrod\n${prod}FROM \${B/x/p}\nCOPY app /\n` },
  { truth: "all parts are replaced", text: `ARG B=pr0d\n${prod}FROM \${B//0/o}\nCOPY app /\n` },
  { truth: "a later ARG wins over ENV", text: "FROM scratch\nENV F=app\nARG F=keys\nCOPY $F /\n" },
  { truth: "a later ENV wins over ARG", text: "FROM scratch\nARG F=app\nENV F=keys\nCOPY $F /\n" },
  { truth: "a mount's type is in capitals", text: "FROM a\nRUN --mount=type=BIND,source=keys,target=/k true\n" },
  { truth: "a mount's fields are in capitals", text: "FROM a\nRUN --mount=TYPE=bind,SRC=keys,target=/k true\n" },
  { truth: "a flag is in capitals", text: "FROM a\nRUN --MOUNT=type=bind,source=keys,target=/k true\nCOPY keys /\n" },
  {
    truth: "a here-document's name is partly in quotes",
    text: 'FROM scratch\nCOPY <<E"O"F /x\nCOPY app /\nEOF\nCOPY keys /\n',
  },
  {
    truth: "a here-document's name is in single quotes",
    text: "FROM scratch\nCOPY <<'E O' /x\nCOPY app /\nE O\nCOPY keys /\n",
  },
  {
    truth: "two here-documents follow each other",
    text: "FROM scratch\nCOPY <<A <<-B /x/\n1\nA\n\t2\n\tB\nADD keys /\n",
  },
  { truth: "an unknown variable hides the end of a path", text: "FROM a\nARG W\nCOPY keys/$W /\n" },
  { truth: "a stage's trigger copies", text: "FROM scratch AS b\nONBUILD COPY keys /\nFROM b\nCOPY app /\n" },
  { truth: "a stage is named in other letters", text: `${prod}FROM PROD\nCOPY app /\n` },
  { truth: "a stage is copied from by number", text: `${prod}FROM a\nCOPY --from=0 / /\n` },
  { truth: "a mount shows a stage", text: `${prod}FROM a\nRUN --mount=from=prod,target=/p true\n` },
];

/** Dockerfiles of which BuildKit asks for nothing of the kind. */
const unseen: readonly Kind[] = [
  { truth: "the platform's folder", text: "FROM a\nARG TARGETPLATFORM\nCOPY ./dist/$TARGETPLATFORM/app /\n" },
  {
    truth: "the platform's folder, in braces",
    text: "FROM a\nARG TARGETOS TARGETARCH\nCOPY bin/${TARGETOS}-${TARGETARCH}/app /\n",
  },
  { truth: "a stage that nothing needs", text: `${prod}FROM a\nCOPY app /\n` },
  { truth: "what a here-document says", text: "FROM a\nCOPY <<EOF /x\nCOPY keys /\nkeys/id_rsa\nEOF\nCOPY app /\n" },
  { truth: "an alternative that is not taken", text: `ARG BASE=slim\n${prod}FROM \${BASE:-prod}\nCOPY app /\n` },
];

const files = [
  "Dockerfile",
  "keys/id_rsa",
  "app",
  ".git/HEAD",
  "node_modules/x/i.js",
  "dist/linux/amd64/app",
  "bin/linux-amd64/app",
];

describe("a secret that a Dockerfile copies", () => {
  after(removeTemporaryFolders);

  for (const { truth, text } of seen) {
    it(`is seen where ${truth}`, async () => {
      const isRequested = requestedPaths(text, {}, temporaryFolder({ app: "1", "keys/id_rsa": "1" }));
      assert.ok(isRequested("keys/id_rsa"), "the guard sees it");
      const findings = await lintSetting({ text: "x.md\n", files, dockerfiles: { Dockerfile: text } });
      assert.ok(findings.some(({ code, message }) => code === "secret-sent" && message.includes("keys/id_rsa")));
    });
  }

  for (const { truth, text } of unseen) {
    it(`is not told of ${truth}`, async () => {
      const folder = temporaryFolder({
        app: "1",
        "keys/id_rsa": "1",
        "dist/linux/amd64/app": "1",
        "bin/linux-amd64/app": "1",
      });
      const isRequested = requestedPaths(text, {}, folder);
      assert.deepEqual(["keys/id_rsa", ".git/HEAD", "node_modules/x/i.js"].filter(isRequested), []);
      const findings = await lintSetting({ text: "x.md\n", files, dockerfiles: { Dockerfile: text } });
      assert.deepEqual(
        findings.filter(({ code }) => ["secret-sent", "clutter-sent"].includes(code)),
        [],
      );
    });
  }
});

describe("a here-document that names what is kept out", () => {
  for (const text of [
    "FROM a\nADD <<EOF /x\nkeys/id_rsa\nEOF\n",
    "FROM a\nCOPY <<EOF /x\nCOPY keys /\nEOF\n",
    'FROM a\nADD <<"E O" <<B /x/\nADD keys /\nE O\nkeys\nB\n',
    "FROM a\nRUN <<EOF\nCOPY keys /\nADD keys /k\nEOF\n",
    "FROM a\nRUN cat <<-EOF\n\tCOPY keys /\n\tEOF\n",
    "# escape=`\nFROM a\nADD <<EOF C:/x\nkeys `\nEOF\n",
  ])
    it(`is no failing instruction in ${JSON.stringify(text)}`, async () => {
      const findings = await lintSetting({ text: "keys\n", files, dockerfiles: { Dockerfile: text } });
      assert.deepEqual(
        findings.filter(({ code }) => code === "copy-source-excluded"),
        [],
      );
    });

  it("does not hide a COPY that fails after it", async () => {
    const text = "FROM a\nADD <<EOF /x\nkeys\nEOF\nCOPY keys /\n";
    const findings = await lintSetting({ text: "keys\n", files, dockerfiles: { Dockerfile: text } });
    const failing = findings.filter(({ code }) => code === "copy-source-excluded");
    assert.deepEqual(
      failing.map(({ range }) => range.line),
      [5],
    );
  });
});
