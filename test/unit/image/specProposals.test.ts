import assert from "node:assert/strict";
import { specHover } from "../../../src/core/image/spec/specHover";
import { specProposals } from "../../../src/core/image/spec/specProposals";
import { layerSchema } from "../../../src/core/image/spec/layerSchema";
import { readSpecTree } from "../../../src/core/image/spec/specTree";

const names = { secrets: ["TOKEN"], refNames: ["main"] };
const platforms = [
  "linux/amd64",
  "linux/arm64",
  "linux/arm/v7",
  "linux/386",
  "linux/ppc64le",
  "linux/riscv64",
  "linux/s390x",
];
const allLayers = Object.keys(layerSchema.shape);

describe("completing a spec file", () => {
  const cases: readonly (readonly [text: string, proposals: readonly string[]])[] = [
    ["|", ["from", "clone", "layers"]],
    ["from: {base: a}\n|", ["clone", "layers"]],
    ["from:\n  |", ["debianBase", "base", "refName", "uvScript", "dockerfile"]],
    ["from:\n  base: a\n  |", []],
    ["from:\n  debianBase:\n    installFlyte: |", ["true", "false"]],
    ["from:\n  refName: |", ["main"]],
    ["clone:\n  platform:\n    - |", platforms],
    ["clone: {platform: [|]}", platforms],
    [
      "clone: {name: a, |}",
      [
        ...["registry", "registrySecret", "baseImage", "pythonVersion", "platform", "extendable", "uvVersion"],
        "systemSitePackages",
      ],
    ],
    ["layers:\n  - |", allLayers],
    ["layers:\n  - |\n  - workdir: /app\n", allLayers],
    ["layers:\n  - workdir: /app\n    |", []],
    ["layers:\n  - codeBundle:\n      |\n  - workdir: /app\n", ["copyStyle", "dst"]],
    ["layers:\n  - codeBundle:\n      copyStyle: |", ["loaded_modules", "all"]],
    ["layers:\n  - aptPackages:\n      packages: git\n      secretMounts: |", ["TOKEN"]],
    ["layers:\n  - envVars:\n      |", []],
  ];
  for (const [text, proposals] of cases) {
    const offered = proposals.length > 4 ? proposals.length : proposals.join(", ") || "nothing";
    it(`${text.replaceAll("\n", "⏎")} offers ${offered}`, () => {
      const [before = "", after = ""] = text.split("|");
      assert.deepEqual(
        specProposals(before, after, names).map((each) => each.text),
        proposals,
      );
    });
  }

  it("explains each key that it offers", () => {
    for (const text of ["", "from:\n  ", "layers:\n  - ", "layers:\n  - uvProject:\n      "]) {
      assert.deepEqual(
        specProposals(text, "", names).filter(
          ({ kind, text: key, description }) => kind === "key" && key !== "from" && !description,
        ),
        [],
      );
    }
  });
});

describe("the hover over a key of a spec file", () => {
  const { root } = readSpecTree("layers:\n  - pipPackages:\n      pre: true\n", false);
  it("says what it means, in its place", () => {
    assert.deepEqual(specHover(root, 3, 8), {
      range: { line: 3, column: 7, endLine: 3, endColumn: 10 },
      text: "Whether pre-releases are allowed. Default: `false`.",
    });
    assert.match(specHover(root, 2, 5)?.text ?? "", /^Installs Python packages/);
  });
  it("says nothing of values", () => assert.equal(specHover(root, 3, 14), undefined));
});
