import type { TextRange } from "../../../base/textRange";
import type { FindingCode, RelatedPlace, Severity } from "./finding";
import type { FixPlan, LintState } from "./lintState";

/** Lint rule: finds problems of one kind, and holds what all its findings have in common. */
export interface Rule {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** Reason for the builders' behavior. */
  readonly explanation: string;
  readonly docsUrl: string;
  /** Looks for problems; rules that need a tree find nothing without one. */
  find(state: LintState): Iterable<Draft> | AsyncIterable<Draft>;
}

/** Finding without the fields that it has in common with others of its rule. */
export interface Draft {
  readonly range: TextRange;
  readonly message: string;
  /** Path relative to the context's root; default is the ignore file. */
  readonly file?: string;
  /** Default is the severity of the rule. */
  readonly severity?: Severity;
  readonly related?: readonly RelatedPlace[];
  /** Best fix first; each is offered only if `guardFix` allows it. */
  readonly fixes?: readonly FixPlan[];
  /** Number of the ignore file's line that this finding explains completely, so later rules skip it. */
  readonly explains?: number;
}

const contextPage = "https://docs.docker.com/build/concepts/context/";

/** Docker's documentation of the subjects of findings. */
export const docs = {
  files: `${contextPage}#dockerignore-files`,
  place: `${contextPage}#filename-and-location`,
  syntax: `${contextPage}#syntax`,
  matching: `${contextPage}#matching`,
  negation: `${contextPage}#negating-matches`,
  copy: "https://docs.docker.com/reference/build-checks/copy-ignored-file/",
  secrets: "https://docs.docker.com/build/building/secrets/",
} as const;
