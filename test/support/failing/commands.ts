import { image, tagRemedy, type FailingDockerfile } from "./failingDockerfile";

/** Runs that fail. */
export const commands: readonly FailingDockerfile[] = [
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
