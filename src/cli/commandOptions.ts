import { sharedOptions, type OptionSpec } from "./optionSpec";

type Options = Readonly<Record<string, OptionSpec>>;

const { dockerfile, target, platform, buildArg, buildContext, json, help } = sharedOptions;

/** Options of `context`. */
export const contextOptions = { dockerfile, target, platform, buildArg, buildContext, json, help } satisfies Options;

/** Options of `lint`. */
export const lintOptions = {
  context: {
    name: "context",
    value: "FOLDER",
    help: "Build context folder of the files (default: the folder of each file)",
  },
  json,
  sarif: { name: "sarif", help: "Print a SARIF 2.1.0 log for code scanning" },
  github: { name: "github", help: "Print GitHub workflow commands that annotate pull requests" },
  help,
} satisfies Options;

/** Options of `build`. */
export const buildOptions = {
  tag: {
    name: "tag",
    short: "t",
    value: "NAME",
    isRepeated: true,
    help: "Full name of the image, such as ghcr.io/team/app:1; can be repeated",
  },
  push: { name: "push", help: "Push all names to their registries" },
  dockerfile,
  target,
  platform,
  buildArg,
  buildContext,
  secret: {
    name: "secret",
    value: "id=ID,src=FILE",
    isRepeated: true,
    help: "Secret for RUN --mount=type=secret, from a file or, with env=NAME, from the environment",
  },
  noCache: { name: "no-cache", help: "Build without the cache" },
  pull: { name: "pull", help: "Always pull base images" },
  quiet: { name: "quiet", short: "q", help: "Don't print progress" },
  json,
  help,
} satisfies Options;
