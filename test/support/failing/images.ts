import { contextRemedy, image, tagRemedy, unreachable, type FailingDockerfile } from "./failingDockerfile";

/** Images and other remote sources that cannot be had. */
export const images: readonly FailingDockerfile[] = [
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
