import type { Build } from "./build";

/** Returns the builds of the same Dockerfile and target before a build, newest first. */
export function earlierBuilds(build: Build, builds: readonly Build[]): Build[] {
  return builds.filter((each) => each.id < build.id && isSame(each, build));
}

/** Returns the earlier builds whose cache a build could use, newest first: those of the same builder and platform. */
export function earlierWithCache(build: Build, builds: readonly Build[]): Build[] {
  const { builder, options } = build.answers;
  return earlierBuilds(build, builds).filter(
    ({ state, answers }) =>
      (state.kind === "done" || state.kind === "failed") &&
      answers.builder === builder &&
      answers.options.platform === options.platform,
  );
}

function isSame({ kind, answers: one }: Build, { kind: otherKind, answers: other }: Build): boolean {
  return (
    kind === "build" &&
    otherKind === "build" &&
    one.folder === other.folder &&
    one.dockerfile === other.dockerfile &&
    one.options.target === other.options.target
  );
}
