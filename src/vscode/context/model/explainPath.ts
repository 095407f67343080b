import type { LintState } from "../../../core/context/lint/state/lintState";
import type { TextRange } from "../../../core/base/textRange";
import { explanationOf } from "./explanation";
import type { IgnoreModel } from "./ignoreModel";

/** Explanation of a path, and the place of the rule that decides. */
export interface PathExplanation {
  readonly text: string;
  readonly range?: TextRange;
  /** Whether the ignore file begins with a byte order mark. */
  readonly hasMark: boolean;
}

/**
 * Explains why a path is included or excluded; returns undefined for a path that no longer exists.
 *
 * @param path relative to the model's folder, with slashes
 */
export async function explainPath(model: IgnoreModel, path: string): Promise<PathExplanation | undefined> {
  const [state, { factsOfPath }] = await Promise.all([
    model.state(),
    import("../../../core/context/explain/pathFacts"),
  ]);
  const facts = await factsOfPath(state, path);
  if (!facts) return undefined;
  const text = explanationOf({
    path,
    facts,
    ignoreFile: state.subject.isMissing ? undefined : model.file,
    dockerfiles: knownDockerfiles(state),
  });
  const range =
    facts.stopsAt === undefined ? (facts.emptiedBy ?? facts.decider)?.range : state.ignore.rangeOf(facts.stopsAt);
  return { text, range, hasMark: state.ignore.hasMark };
}

/** Returns the Dockerfiles, or an empty array if a source in any of them is unknown. */
function knownDockerfiles({ subject }: LintState): string[] {
  const isKnown = subject.dockerfiles.every(({ sources }) => sources.every(({ path }) => path !== undefined));
  return isKnown ? subject.dockerfiles.map(({ file }) => file) : [];
}
