import type { FindingCode, Severity } from "../../../../../src/core/context/lint/state/finding";
import type { Setting } from "../support";

/** A setting in which a rule makes a finding, and the finding. */
interface Found extends Setting {
  readonly truth: string;
  /** What the range covers, of the ignore file or the Dockerfile. */
  readonly at: string;
  readonly line?: number;
  readonly severity: Severity;
  readonly says: RegExp;
  /** The file's text after the first fix that is offered; nothing if none is. */
  readonly fixed?: string;
  readonly stops?: readonly string[];
  readonly starts?: readonly string[];
  /** Whether the finding stays until something else is done. */
  readonly stays?: boolean;
}

/** Settings in which a rule makes a finding, and in which it makes none. */
interface Cases {
  readonly found: readonly Found[];
  readonly silent?: readonly (Setting & { readonly truth: string })[];
}

/** Files of a small app. */
export const app = ["Dockerfile", ".dockerignore", "src/app.js", "package.json"];

/** The cases of some rules. */
export type CaseTable = Readonly<Partial<Record<FindingCode, Cases>>>;
