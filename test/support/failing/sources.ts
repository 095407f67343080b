import { contextRemedy, image, type FailingDockerfile } from "./failingDockerfile";

/** Sources that are not there. */
export const sources: readonly FailingDockerfile[] = [
  { what: "a COPY", lines: [2, 2], dockerfile: `FROM ${image}\nCOPY nope /\n`, says: contextRemedy },
  {
    what: "the second COPY of two",
    lines: [3, 3],
    dockerfile: "FROM scratch\nCOPY here /\nCOPY nope /\n",
    files: { here: "" },
    says: contextRemedy,
  },
  {
    what: "the first COPY of two",
    lines: [2, 2],
    dockerfile: "FROM scratch\nCOPY nope /\nCOPY here /\n",
    files: { here: "" },
    says: contextRemedy,
  },
  {
    what: "one of several sources",
    lines: [2, 2],
    dockerfile: "FROM scratch\nCOPY here nope there /to/\n",
    files: { here: "", there: "" },
    says: contextRemedy,
  },
  {
    what: "a COPY of what is ignored",
    lines: [2, 2],
    dockerfile: "FROM scratch\nCOPY secret /\n",
    files: { secret: "", ".dockerignore": "secret\n" },
    says: contextRemedy,
  },
  { what: "an ADD", lines: [2, 2], dockerfile: "FROM scratch\nADD nope.tar /\n", says: contextRemedy },
  { what: "a COPY in lower case", lines: [2, 2], dockerfile: `from scratch\ncopy nope /\n`, says: contextRemedy },
  {
    what: "a COPY over several lines",
    lines: [2, 5],
    dockerfile: "FROM scratch\nCOPY \\\n  here \\\n  nope \\\n  /to/\n",
    files: { here: "" },
    says: contextRemedy,
  },
  {
    what: "a COPY of two alike",
    lines: [4, 4],
    orLines: [2, 2],
    dockerfile:
      "FROM scratch AS a\nCOPY nope /\nFROM scratch AS b\nCOPY nope /\nFROM scratch\nCOPY --from=a / /\n" +
      "COPY --from=b / /\n",
    says: contextRemedy,
  },
  {
    what: "a COPY that is linked",
    isNewerSyntax: true,
    lines: [2, 2],
    dockerfile: `FROM ${image}\nCOPY --link nope /\n`,
    says: contextRemedy,
  },
  {
    what: "a COPY by a variable",
    lines: [3, 3],
    dockerfile: "FROM scratch\nARG WHAT=nope\nCOPY $WHAT /\n",
    says: contextRemedy,
  },
  {
    what: "a COPY from a stage that has not made it",
    lines: [5, 5],
    dockerfile:
      `FROM ${image} AS build\nRUN echo 1 > /one\nFROM scratch\nCOPY --from=build /one /\n` +
      "COPY --from=build /two /\n",
    says: /Check that the stage "build" contains that file/,
    isSilentOf: contextRemedy,
  },
  {
    what: "a COPY from a stage by its number",
    lines: [4, 4],
    dockerfile: `FROM ${image}\nRUN true\nFROM scratch\nCOPY --from=0 /two /\n`,
    says: /Check that the stage "0" contains that file/,
    isSilentOf: contextRemedy,
  },
  {
    what: "a COPY from an image that has it not",
    lines: [2, 2],
    dockerfile: `FROM scratch\nCOPY --from=${image} /two /\n`,
    says: /Check that the image "busybox:1.35" contains that file/,
    isSilentOf: contextRemedy,
  },
  {
    what: "a mount of an absent folder",
    lines: [3, 3],
    dockerfile: `FROM ${image}\nRUN true\nRUN --mount=type=bind,source=nope,target=/x ls /x\n`,
    says: contextRemedy,
  },
  {
    what: "a mount from a stage that has it not",
    lines: [4, 4],
    dockerfile: `FROM ${image} AS build\nRUN true\nFROM ${image}\nRUN --mount=from=build,source=/two,target=/x ls /x\n`,
    says: /Check that the stage "build" contains that file/,
    isSilentOf: contextRemedy,
  },
  { what: "a WORKDIR on a file", lines: [3, 3], dockerfile: `FROM ${image}\nRUN echo > /file\nWORKDIR /file/sub\n` },
  {
    what: "a COPY of a folder over a file",
    lines: [3, 3],
    dockerfile: `FROM ${image}\nRUN echo > /to\nCOPY dir /to/\n`,
    files: { "dir/a": "" },
  },
];
