import { posix } from "node:path";
import { copySources, mayBeginWith } from "../../../src/core/dockerfile/copySources";
import { mountsOf } from "../../../src/core/dockerfile/mounts";
import { reachedStages } from "../../../src/core/dockerfile/reachedStages";
import { readDockerfile } from "../../../src/core/dockerfile/readDockerfile";
import { wantedIds } from "../../../src/core/dockerfile/wantedIds";
import type { Asked, DockerfileCase } from "./askedSession";

/** What comes of comparing BuildKit's questions with our reading. */
export interface Comparison {
  /** What BuildKit asks for and our reading does not tell, or tells without a reason that is known. */
  readonly differences: readonly string[];
  /** Why our reading holds more than BuildKit asks for; empty where both are equal. */
  readonly wider: readonly string[];
}

/** Why a reading may hold more. */
const reasons = {
  unknown: "a variable is not known: the base image may set it, the platform is not told, or not every builder sets it",
  literal: "Docker 20.10 replaces no variables in mounts",
  fails: "the build fails, so that BuildKit asks for less",
};

/** What a whole context holds besides: what our reading knows of. */
export function namesFor({ text, buildArgs, target, platform }: DockerfileCase): string[] {
  return copySources(text, buildArgs, { target, platform, buildPlatform: "linux/amd64" }).flatMap(
    ({ path, prefix }) => path ?? prefix ?? [],
  );
}

/**
 * Compares what BuildKit asked for with what the Dockerfile was read to ask for.
 *
 * @param isFirst whether it was asked by Docker 20.10
 */
export function compare(one: DockerfileCase, asked: Asked, isFirst = false): Comparison {
  const { text, buildArgs, target, platform } = one;
  const question = { buildArgs, target, platform, buildPlatform: "linux/amd64" };
  const differences: string[] = [];
  const wider = new Set<string>();
  const sources = copySources(text, buildArgs, question).filter(({ isReached }) => isReached);
  const known = new Set(sources.flatMap(({ path }) => path ?? []));
  const prefixes = sources.flatMap(({ path, prefix = "" }) => (path === undefined ? [prefix] : []));
  const isWhole = known.has("") || prefixes.includes("");
  const paths = asked.paths?.map((path) => posix.join(".", path));
  const missing = isWhole
    ? []
    : paths?.length === 0
      ? ["everything"]
      : (paths ?? []).filter((path) => !known.has(path) && !prefixes.some((prefix) => mayBeginWith(path, prefix)));
  if (missing.length > 0) differences.push(`not told: ${missing.join(", ")}`);
  const isEqual =
    paths === undefined
      ? sources.length === 0
      : paths.length === 0
        ? known.has("")
        : !isWhole && prefixes.length === 0 && known.size === new Set(paths).size;
  const reached = (readDockerfile(text, question) ?? []).flatMap(({ stages }) => [...reachedStages(stages, target)]);
  const hidesStage = reached.some(({ parent }) => parent === "unknown");
  const hasUnknown =
    platform === undefined ||
    /TARGETSTAGE|^arg(?! *\w+=[^ ]*$)/im.test(text) ||
    reached.some(({ base, parent }) => parent === undefined && base !== "scratch");
  if (!isEqual)
    explain(
      prefixes.length > 0 || hidesStage,
      `told: ${[...known, ...prefixes.map((prefix) => `${prefix}…`)].join(", ")}; asked: ${paths?.join(", ")}`,
    );

  const wanted = wantedIds(text, buildArgs, question);
  const mounts = mountsOf(text, question);
  for (const type of ["secret", "ssh"] as const) {
    const ids = type === "secret" ? asked.secrets : asked.ssh;
    const ours = new Set(mounts.filter((mount) => mount.type === type).map(({ id }) => id));
    const unseen = ids.filter((id) => !wanted[type](id));
    if (unseen.length > 0) differences.push(`${type} not wanted: ${unseen.join(", ")}`);
    const hidden = ids.filter((id) => !ours.has(id));
    if (hidden.length > 0 && !(isFirst && hidden.every((id) => id.includes("$"))))
      explain(wanted[type]("an id that nobody writes"), `${type} not told: ${hidden.join(", ")}`);
    const more = [...ours].filter((id) => !ids.includes(id));
    if (isFirst && hidden.some((id) => id.includes("$"))) wider.add(reasons.literal);
    else if (more.length > 0) explain(hidesStage, `${type} told: ${more.join(", ")}`);
  }
  return { differences, wider: [...wider] };

  function explain(isUnknown: boolean, what: string): void {
    if (isUnknown && (hasUnknown || asked.failure !== undefined)) wider.add(reasons.unknown);
    else if (asked.failure !== undefined) wider.add(reasons.fails);
    else differences.push(what);
  }
}
