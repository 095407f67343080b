import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BuildOptions } from "../../../src/core/base/buildOptions";
import { longestDockerfile } from "../../../src/core/dockerfile/parseDockerfile";
import { requestedPaths } from "../../../src/core/worker/requestedPaths";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { overBudget } from "../../support/workTime";

const files = [
  "app",
  "keys/id_rsa",
  "a/x",
  "b/x",
  "dist/linux/amd64/app",
  "dist/linux/arm64/app",
  "dist/readme",
  "srv/site/i",
  "web/app/a/b",
  "v1/notes",
  ".git/HEAD",
  "node_modules/m/i.js",
];

describe("the paths that a build asks for", () => {
  let root = "";
  before(() => (root = temporaryFolder(Object.fromEntries(files.map((file) => [file, file])))));
  after(removeTemporaryFolders);

  const cases: readonly (readonly [
    truth: string,
    dockerfile: string,
    requested: readonly string[],
    options?: BuildOptions,
  ])[] = [
    [
      "a stage behind a platform that is not told",
      "FROM scratch AS base-amd64\nCOPY keys /keys/\nFROM base-${TARGETARCH}\nCOPY app /\n",
      ["app", "keys/id_rsa"],
    ],
    [
      "a stage behind a platform that is told",
      "FROM scratch AS base-amd64\nCOPY keys /keys/\nFROM scratch AS base-arm64\nCOPY a /\n" +
        "FROM base-${TARGETARCH}\nCOPY app /\n",
      ["app", "a/x"],
      { platform: "linux/arm64" },
    ],
    [
      "a stage behind a default",
      "FROM scratch AS other\nCOPY b /\nFROM scratch AS prod\nCOPY keys /k/\nFROM ${BASE:-prod}\nCOPY app /\n",
      ["app", "keys/id_rsa"],
    ],
    [
      "a stage behind a global argument without a value",
      "ARG BASE\nFROM scratch AS prod\nCOPY keys /k/\nFROM ${BASE:-prod}\nCOPY app /\n",
      ["app", "keys/id_rsa"],
    ],
    [
      "a stage behind an argument of the platform",
      "ARG FLAVOR=${TARGETARCH}\nFROM scratch AS base-amd64\nCOPY keys /k/\nFROM base-${FLAVOR}\nCOPY app /\n",
      ["app", "keys/id_rsa"],
    ],
    [
      "a stage behind `%%`",
      "ARG B=prod-1.2\nFROM scratch AS prod\nCOPY keys /k/\nFROM ${B%%-*}\nCOPY app /\n",
      ["app", "keys/id_rsa"],
    ],
    [
      "a stage behind `#`",
      "ARG B=x/prod\nFROM scratch AS prod\nCOPY keys /k/\nFROM ${B#*/}\nCOPY app /\n",
      ["app", "keys/id_rsa"],
    ],
    [
      "a stage behind `/a/b`",
      "ARG B=prad\nFROM scratch AS prod\nCOPY keys /k/\nFROM ${B/a/o}\nCOPY app /\n",
      ["app", "keys/id_rsa"],
    ],
    [
      "a stage behind `:+`",
      "ARG B=1\nFROM scratch AS prod\nCOPY keys /k/\nFROM ${B:+prod}\nCOPY app /\n",
      ["app", "keys/id_rsa"],
    ],
    [
      "a stage by its number",
      "FROM scratch\nCOPY keys /k/\nFROM scratch\nCOPY --from=0 / /\nCOPY app /\n",
      ["app", "keys/id_rsa"],
    ],
    ["an ARG after an ENV", "FROM scratch\nENV F=a\nARG F=b\nCOPY $F /\n", ["b/x"]],
    ["an ENV after an ARG", "FROM scratch\nARG F=b\nENV F=a\nCOPY $F /\n", ["a/x"]],
    [
      "an ENV of the stage below after its ARG",
      "FROM scratch AS one\nENV F=a\nARG F=b\nFROM one\nCOPY $F /\n",
      ["a/x"],
    ],
    ["an ARG of the stage below", "FROM scratch AS one\nARG F=b\nFROM one\nCOPY $F /\n", ["b/x"]],
    ["a variable that nobody sets", "FROM scratch\nCOPY a$NONE /\n", ["a/x"]],
    ["a mount in capitals", "FROM busybox\nRUN --mount=TYPE=BIND,SRC=keys,DST=/k true\n", ["keys/id_rsa"]],
    ["a mount in quotes", "FROM busybox\nRUN --mount='type=bind,\"source=keys\",target=/k' true\n", ["keys/id_rsa"]],
    [
      "a mount whose type is a variable",
      "FROM busybox\nARG T\nRUN --mount=type=$T,source=keys,target=/k true\n",
      ["keys/id_rsa"],
    ],
    ["a mount of a tmpfs beside a copy", "FROM busybox\nCOPY app /\nRUN --mount=type=tmpfs,target=/t true\n", files],
    ["a mount of a tmpfs alone", "FROM busybox\nRUN --mount=type=tmpfs,target=/t true\n", []],
    ["a quoted here-document", 'FROM scratch\nCOPY <<E"O"F app /d/\nCOPY a /\nEOF\nCOPY b /\n', ["app", "b/x"]],
    ["the text of a here-document of ADD", "FROM scratch\nADD <<EOF /x\nADD keys /\nEOF\nCOPY app /\n", ["app"]],
    [
      "the platform",
      "FROM scratch\nARG TARGETPLATFORM\nCOPY ./dist/$TARGETPLATFORM/app /\n",
      ["dist/linux/amd64/app"],
      { platform: "linux/amd64" },
    ],
    [
      "a platform in other words",
      "FROM scratch\nARG TARGETPLATFORM\nCOPY ./dist/$TARGETPLATFORM/app /\n",
      ["dist/linux/amd64/app"],
      { platform: "linux/x86_64" },
    ],
    [
      "multiple platforms",
      "FROM scratch\nARG TARGETPLATFORM\nCOPY ./dist/$TARGETPLATFORM/app /\n",
      ["dist/linux/amd64/app", "dist/linux/arm64/app"],
      { platform: "linux/amd64,linux/arm64" },
    ],
    [
      "a platform that is not told",
      "FROM scratch\nARG TARGETPLATFORM\nCOPY ./dist/$TARGETPLATFORM/app /\n",
      ["dist/linux/amd64/app", "dist/linux/arm64/app", "dist/readme"],
    ],
    [
      "what an image may set, up to there",
      "FROM busybox\nCOPY dist/linux/$ARCH/app /\n",
      ["dist/linux/amd64/app", "dist/linux/arm64/app"],
    ],
    ["what an image may set, from the beginning", "FROM busybox\nCOPY $WHAT /\n", files],
    [
      "a trigger of a stage",
      "FROM scratch AS one\nARG F=a\nONBUILD ARG F=b\nONBUILD COPY $F /\nFROM one\nCOPY app /\n",
      ["app", "b/x"],
    ],
    ["no trigger of its own stage", "FROM scratch\nONBUILD COPY keys /\nCOPY app /\n", ["app"]],
    ["the target", "FROM scratch AS one\nCOPY a /\nFROM scratch\nCOPY keys /\n", ["a/x"], { target: "ONE" }],
    [
      "flags in capitals",
      "FROM scratch AS one\nCOPY a /\nFROM scratch\nCOPY --FROM=one / /\nCOPY app /\n",
      ["app", "a/x"],
    ],
    ["all for another frontend", "# syntax=example.com/other\nFROM scratch\nCOPY app /\n", files],
  ];
  for (const [truth, dockerfile, requested, options = {}] of cases) {
    it(`are those of ${truth}`, () =>
      assert.deepEqual(files.filter(requestedPaths(dockerfile, options, root)), requested));
  }

  it("are all where what is unknown may lead over a symlink", () => {
    const linked = temporaryFolder({ "dist/linux/app": "a", "keys/id_rsa": "k" });
    symlinkSync("../../keys", join(linked, "dist/linux/elsewhere"));
    assert.equal(requestedPaths("FROM busybox\nCOPY dist/$X /\n", {}, linked)("keys/id_rsa"), true);
    assert.equal(requestedPaths("FROM busybox\nCOPY other/$X /\n", {}, linked)("keys/id_rsa"), false);
  });

  const hostile: readonly (readonly [what: string, sources: readonly string[], make: (root: string) => void])[] = [
    ["a path of 30,000 parts", ["x/".repeat(30_000)], () => undefined],
    [
      "16 paths of 2,000 parts each",
      Array.from({ length: 16 }, (_, i) => `${"x/".repeat(1_990)}${i}`),
      () => undefined,
    ],
    [
      "links that lead to ever longer paths",
      ["l0"],
      (at) => range(100, (i) => symlinkSync(`l${i + 1}/${"x/".repeat(2_000)}`, join(at, `l${i}`))),
    ],
    [
      "8,000 patterns in a folder of 1,000 files",
      Array.from({ length: 8_000 }, (_, i) => `*${i}`),
      (at) => range(1_000, (i) => writeFileSync(join(at, `f${i}`), "")),
    ],
    [
      "8,000 patterns in a folder of 1,000 links",
      Array.from({ length: 8_000 }, (_, i) => `*${i}`),
      (at) => range(1_000, (i) => symlinkSync("none", join(at, `l${i}`))),
    ],
    [
      "patterns that are slow to match, in a folder of 1,000 links",
      Array.from({ length: 15 }, (_, i) => `${"*l".repeat(1_900)}${i}`),
      (at) => range(1_000, (i) => symlinkSync("none", join(at, `l${i}`))),
    ],
    [
      "8,000 paths with variables above 300 folders",
      Array.from({ length: 8_000 }, (_, i) => `d$X${i}`),
      (at) => range(300, (i) => mkdirSync(join(at, `d${i}`))),
    ],
  ];
  for (const [what, sources, make] of hostile) {
    it(`are found in little time for ${what}`, () => {
      const folder = temporaryFolder({ app: "a" });
      make(folder);
      const dockerfile = `FROM busybox\nCOPY ${sources.join(" ")} /\n`;
      assert.ok(dockerfile.length < longestDockerfile);
      assert.equal(
        overBudget(() => requestedPaths(dockerfile, {}, folder), budgetMs),
        undefined,
      );
    });
  }
});

/** What a folder may take on the editor's thread, once for a build. */
const budgetMs = 300;

function range(length: number, work: (i: number) => void): void {
  for (let i = 0; i < length; i++) work(i);
}
