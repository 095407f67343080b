import type { Command } from "./command";
import { buildOptions, contextOptions, lintOptions } from "./commandOptions";

/** All commands; what does their work is loaded when one is run. */
export const commands: readonly Command[] = [
  {
    name: "context",
    summary: "List the files of a build context, and which of them and which secrets a build asks for",
    operands: "FOLDER",
    options: Object.values(contextOptions),
    notes: ["Needs no Docker daemon. What the Dockerfile alone does not decide counts as requested."],
    prepare: async (args) => (await import("./context/contextCommand")).prepareContext(args),
  },
  {
    name: "lint",
    summary: "Check ignore files and Dockerfiles against the files of their folder",
    operands: "FILE...",
    options: Object.values(lintOptions),
    notes: ["Needs no Docker daemon. Exits with 1 if there is a finding of severity error."],
    prepare: async (args) => (await import("./lint/lintCommand")).prepareLint(args),
  },
  {
    name: "build",
    summary: "Build an image and push it",
    operands: "FOLDER --tag NAME...",
    options: Object.values(buildOptions),
    notes: [
      "Uses the daemon of DOCKER_HOST or of the current Docker context, and the logins of `docker login`.",
      "Progress goes to stderr, the result to stdout.",
    ],
    prepare: async (args) => (await import("./build/buildCommand")).prepareBuild(args),
  },
];
