import type { BuildOptions } from "../../src/core/base/buildOptions";

/** First and last line. */
export type Lines = readonly [first: number, last: number];

/** A Dockerfile that BuildKit cannot build. */
export interface FailingDockerfile {
  readonly what: string;
  readonly dockerfile: string;
  /** Further files of the folder. */
  readonly files?: Readonly<Record<string, string>>;
  readonly options?: Pick<BuildOptions, "target" | "buildArgs" | "secrets">;
  /** The lines that buildx marks on Docker 28; nothing where it marks none. */
  readonly lines?: Lines;
  /** Ours where buildx marks none, though they are certain. */
  readonly ours?: Lines;
  /** Whether Docker 20.10's frontend does not know it, and fails at another place. */
  readonly isNewerSyntax?: boolean;
  /** What our message must say, or must not. */
  readonly says?: RegExp;
  readonly isSilentOf?: RegExp;
}

const image = "busybox:1.35";
const unreachable = "registry.invalid/none:1";
const contextRemedy = /Check that the file is in the build context/;
const tagRemedy = /Check that the base image has that tag/;

/** Runs that fail. */
const commands: readonly FailingDockerfile[] = [
  { what: "the first RUN", lines: [2, 2], dockerfile: `FROM ${image}\nRUN false\n`, isSilentOf: tagRemedy },
  {
    what: "a RUN on top of a stage",
    lines: [4, 4],
    dockerfile: `FROM ${image} AS base\nFROM base AS test\nRUN echo ok\nRUN false\n`,
  },
  {
    what: "the last of three alike",
    lines: [5, 5],
    dockerfile: `FROM ${image}\nRUN echo ok\nRUN test ! -e /x && touch /x\nRUN echo ok\nRUN test ! -e /x && touch /x\n`,
  },
  {
    what: "the same command in another stage",
    lines: [4, 4],
    dockerfile: `FROM ${image} AS a\nRUN test -e /x || touch /x\nFROM a AS b\nRUN test -e /y || exit 4\n`,
  },
  {
    what: "a RUN over several lines",
    lines: [4, 7],
    dockerfile:
      `FROM ${image}\n\n# a comment\n` + "RUN echo one \\\n  && echo two \\\n  # in between\n  && exit 3\nRUN true\n",
  },
  { what: "a RUN in lower case", lines: [3, 3], dockerfile: `from ${image}\nrun echo ok\nrun exit 5\n` },
  {
    what: "a RUN with a here-document",
    isNewerSyntax: true,
    lines: [3, 6],
    dockerfile: `# syntax-less\nFROM ${image}\nRUN <<EOT\necho ok\nexit 6\nEOT\n`,
  },
  {
    what: "a RUN with two here-documents",
    isNewerSyntax: true,
    lines: [2, 6],
    dockerfile: `FROM ${image}\nRUN <<A cat && <<B false\none\nA\ntwo\nB\nRUN true\n`,
  },
  { what: "a RUN in JSON", lines: [2, 2], dockerfile: `FROM ${image}\nRUN ["/bin/sh", "-c", "exit 7"]\n` },
  { what: "a program that is not there", lines: [2, 2], dockerfile: `FROM ${image}\nRUN ["/no/such/program"]\n` },
  { what: "a RUN after a variable", lines: [4, 4], dockerfile: `FROM ${image}\nARG N=3\nENV M=\${N}\nRUN exit $M\n` },
  {
    what: "a RUN whose words look like another fault",
    lines: [2, 2],
    dockerfile: `FROM ${image}\nRUN echo "failed to compute cache key: not found"; false # no active session\n`,
    isSilentOf: /Check that|closed the session/,
  },
  {
    what: "a RUN with an escape of its own",
    lines: [3, 4],
    dockerfile: `# escape=\`\nFROM ${image}\nRUN echo a \`\n  && exit 8\n`,
  },
  { what: "a RUN with CRLF", lines: [3, 3], dockerfile: `FROM ${image}\r\nRUN echo ok\r\nRUN exit 9\r\n` },
  { what: "a RUN after a BOM", lines: [2, 2], dockerfile: `\ufeffFROM ${image}\nRUN exit 2\n` },
  { what: "a RUN by an unknown user", lines: [3, 3], dockerfile: `FROM ${image}\nUSER nobody-here\nRUN true\n` },
  {
    what: "one of two stages side by side",
    lines: [2, 2],
    dockerfile:
      `FROM ${image} AS a\nRUN sleep 0.2; exit 1\nFROM ${image} AS b\nRUN touch /b\nFROM scratch\n` +
      "COPY --from=a /a /\nCOPY --from=b /b /\n",
  },
  {
    what: "an ONBUILD of its own stage",
    lines: [3, 3],
    dockerfile: `FROM ${image} AS base\nONBUILD RUN exit 3\nFROM base\nRUN true\n`,
  },
  {
    what: "a RUN with a network that it has not",
    lines: [2, 2],
    dockerfile: `FROM ${image}\nRUN --network=none wget -T 1 http://192.0.2.1/\n`,
  },
];

/** Sources that are not there. */
const sources: readonly FailingDockerfile[] = [
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

/** Images and other remote sources that cannot be had. */
const images: readonly FailingDockerfile[] = [
  {
    what: "a base",
    lines: [2, 2],
    dockerfile: `# a comment\nFROM ${unreachable}\n`,
    says: /couldn't reach the base image's registry/,
  },
  {
    what: "a base by a variable",
    lines: [3, 3],
    dockerfile: `ARG BASE=${unreachable}\nARG OTHER\nFROM $BASE\nRUN true\n`,
    says: /couldn't reach/,
  },
  {
    what: "a base by a build argument",
    lines: [2, 2],
    dockerfile: `ARG BASE\nFROM \${BASE:-${image}}\n`,
    options: { buildArgs: { BASE: unreachable } },
  },
  {
    what: "the second of two bases",
    lines: [3, 3],
    dockerfile: `FROM ${image} AS a\nRUN true\nFROM ${unreachable}\nCOPY --from=a /bin/sh /\n`,
  },
  {
    what: "a stage that there is not",
    lines: [3, 3],
    dockerfile: `FROM ${image} AS build\nFROM scratch\nCOPY --from=typo.invalid/x /a /\n`,
  },
  { what: "a mount's image", dockerfile: `FROM ${image}\nRUN true\nRUN --mount=from=${unreachable},target=/x true\n` },
  { what: "a frontend", lines: [1, 1], dockerfile: `# syntax=registry.invalid/frontend:1\nFROM ${image}\nRUN true\n` },
  { what: "a remote file", dockerfile: `FROM scratch\nADD http://127.0.0.1:1/x /\n`, isSilentOf: contextRemedy },
  {
    what: "a secret that is not available",
    lines: [3, 3],
    dockerfile: `FROM ${image}\nRUN true\nRUN --mount=type=secret,id=tok,required=true cat /run/secrets/tok\n`,
    isSilentOf: tagRemedy,
  },
  {
    what: "a secret of which only the base knows the name",
    lines: [3, 3],
    dockerfile: `FROM ${image}\nRUN true\nRUN --mount=type=secret,id=$PATH,required=true true\n`,
    says: /Set a source for the secret/,
    isSilentOf: tagRemedy,
  },
];

/** What cannot be read. */
const syntax: readonly FailingDockerfile[] = [
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

/** Dockerfiles that fail in many ways; none needs a network. */
export const failingDockerfiles: readonly FailingDockerfile[] = [...commands, ...sources, ...images, ...syntax];
