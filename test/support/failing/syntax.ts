import { image, type FailingDockerfile } from "./failingDockerfile";

/** What cannot be read. */
export const syntax: readonly FailingDockerfile[] = [
  { what: "an unknown instruction", lines: [3, 3], dockerfile: `FROM ${image}\n\nRUNN echo\n` },
  { what: "no FROM", lines: [1, 1], dockerfile: "RUN true\n" },
  { what: "nothing", dockerfile: "" },
  { what: "only comments", lines: [3, 3], dockerfile: "# nothing\n\n# here\n" },
  {
    what: "a bad --chmod",
    lines: [3, 3],
    dockerfile: "FROM scratch\nCOPY here /\nCOPY --chmod=banana here /\n",
    files: { here: "" },
  },
  {
    what: "a bad --chown",
    lines: [2, 2],
    dockerfile: `FROM scratch\nCOPY --chown=no-such-user here /\n`,
    files: { here: "" },
  },
  { what: "an unknown flag", lines: [2, 2], dockerfile: "FROM scratch\nCOPY --nope=1 here /\n", files: { here: "" } },
  { what: "a bad port", lines: [3, 3], dockerfile: `FROM ${image}\nEXPOSE 80\nEXPOSE abc\n` },
  { what: "an ENV without a value", lines: [2, 2], dockerfile: `FROM ${image}\nENV A\n` },
  {
    what: "a bad mount type",
    lines: [3, 3],
    dockerfile: `FROM ${image}\nRUN true\nRUN --mount=type=nope,target=/x true\n`,
  },
  { what: "a FROM without an image", lines: [2, 2], dockerfile: `FROM ${image}\nFROM\n` },
  { what: "a FROM with too many words", lines: [1, 1], dockerfile: `FROM ${image} AS a b\n` },
  { what: "a FROM of an empty variable", lines: [2, 2], dockerfile: "ARG EMPTY\nFROM $EMPTY\n" },
  { what: "a bad platform", lines: [1, 1], dockerfile: `FROM --platform=no/such/plat/form ${image}\n` },
  { what: "a bad name", lines: [1, 1], dockerfile: "FROM BAD:NAME:1\n" },
  {
    what: "a variable that must be set",
    lines: [3, 3],
    dockerfile: `FROM ${image}\nARG NEEDED\nWORKDIR \${NEEDED:?is needed}\n`,
  },
  { what: "a COPY without a target", lines: [2, 2], dockerfile: "FROM scratch\nCOPY here\n", files: { here: "" } },
  { what: "a bad STOPSIGNAL", lines: [2, 2], dockerfile: `FROM ${image}\nSTOPSIGNAL SIGNOPE\n` },
  {
    what: "a here-document without an end",
    isNewerSyntax: true,
    lines: [2, 3],
    dockerfile: `FROM ${image}\nRUN <<EOT\necho\n`,
  },
  { what: "stages in a circle", lines: [1, 1], dockerfile: "FROM b AS a\nFROM a AS b\nRUN true\n" },
  {
    what: "a newline in a source",
    dockerfile: 'FROM scratch\nCOPY here /\nCOPY ["a\\nb", "/"]\n',
    files: { here: "" },
    ours: [3, 3],
    // Docker 20.10 sends such a name, which no file has.
    says: /whose name contains a line break|Check that the file is in the build context/,
  },
  {
    what: "a target that there is not",
    dockerfile: `FROM ${image} AS one\nRUN true\n`,
    options: { target: "two" },
    says: /Choose a stage that exists in the Dockerfile/,
  },
];
