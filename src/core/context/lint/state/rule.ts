import type { TextRange } from "../../../base/textRange";
import type { FindingCode, RelatedPlace, Severity } from "./finding";
import type { FixPlan, LintState } from "./lintState";

/** One kind of finding: how to find it and what is the same for each. */
export interface Rule {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** Why builders do that. */
  readonly explanation: string;
  readonly docsUrl: string;
  /** Looks for it; rules that need a tree find nothing without one. */
  find(state: LintState): Iterable<Draft> | AsyncIterable<Draft>;
}

/** What one finding has of its own. */
export interface Draft {
  readonly range: TextRange;
  readonly message: string;
  /** Where it is not the ignore file. */
  readonly file?: string;
  /** Where it is not the rule's. */
  readonly severity?: Severity;
  readonly related?: readonly RelatedPlace[];
  /** The best first; each is offered only if `guardFix` lets it. */
  readonly fixes?: readonly FixPlan[];
  /** The ignore file's line about which there is no more to tell than this. */
  readonly explains?: number;
}

const contextPage = "https://docs.docker.com/build/concepts/context/";

/** Where Docker explains what a finding is about. */
export const docs = {
  files: `${contextPage}#dockerignore-files`,
  place: `${contextPage}#filename-and-location`,
  syntax: `${contextPage}#syntax`,
  matching: `${contextPage}#matching`,
  negation: `${contextPage}#negating-matches`,
  copy: "https://docs.docker.com/reference/build-checks/copy-ignored-file/",
  secrets: "https://docs.docker.com/build/building/secrets/",
} as const;
