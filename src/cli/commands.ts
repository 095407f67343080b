import type { Command } from "./command";
import { buildOptions, contextOptions, lintOptions } from "./commandOptions";

/** All commands; their implementations are loaded when they run. */
export const commands: readonly Command[] = [
  {
    name: "context",
    summary: "List the files in a build context, and which files and secrets a build requests",
    operands: "FOLDER",
    options: Object.values(contextOptions),
    notes: ["Doesn't need a Docker daemon. Files that the Dockerfile alone doesn't determine count as requested."],
    prepare: async (args) => (await import("./context/contextCommand")).prepareContext(args),
  },
  {
    name: "lint",
    summary: "Check ignore files and Dockerfiles against the files in their folder",
    operands: "FILE...",
    options: Object.values(lintOptions),
    notes: ["Doesn't need a Docker daemon. Exits with 1 if there is a finding of severity error."],
    prepare: async (args) => (await import("./lint/lintCommand")).prepareLint(args),
  },
  {
    name: "build",
    summary: "Build an image and optionally push it",
    operands: "FOLDER --tag NAME...",
    options: Object.values(buildOptions),
    notes: [
      "Uses the daemon from DOCKER_HOST or the current Docker context, and existing `docker login` credentials.",
      "Progress goes to stderr, the result to stdout.",
    ],
    prepare: async (args) => (await import("./build/buildCommand")).prepareBuild(args),
  },
];
