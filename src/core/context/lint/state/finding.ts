import type { TextRange } from "../../../base/textRange";

/** Severity of a finding: provably wrong, harmful on this tree, surprising, or cosmetic. */
export type Severity = "error" | "warning" | "information" | "hint";

/** Kind of a finding; stable across versions, because settings and comments refer to it. */
export type FindingCode =
  | "backslash-misread"
  | "builders-differ"
  | "case-differs"
  | "clutter-sent"
  | "copy-source-excluded"
  | "duplicate-line"
  | "exception-in-skipped-folder"
  | "exception-leaves-content-out"
  | "exception-too-early"
  | "exception-without-effect"
  | "file-arrives-empty"
  | "ignore-file-not-a-file"
  | "ignore-file-overridden"
  | "invalid-pattern"
  | "invalid-regexp"
  | "matches-a-file"
  | "matches-nothing"
  | "matches-only-at-root"
  | "never-matches"
  | "no-ignore-file"
  | "not-a-comment"
  | "redundant-line"
  | "secret-sent"
  | "unreadable-text"
  | "wildcard-misread";

/** Problem in an ignore file, or in a Dockerfile that depends on it. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** Path relative to the context's root, with slashes. */
  readonly file: string;
  readonly range: TextRange;
  /** Sentence that says what happens on this tree, with numbers if possible. */
  readonly message: string;
  /** Reason for the builders' behavior. */
  readonly explanation: string;
  readonly docsUrl: string;
  readonly related: readonly RelatedPlace[];
  /** Best fix first. */
  readonly fixes: readonly Fix[];
}

/** Other line that contributes to a finding. */
export interface RelatedPlace {
  readonly file: string;
  readonly range: TextRange;
  readonly message: string;
}

/** Change that fixes a finding. */
export interface Fix {
  readonly title: string;
  /** Edits of one text, without overlaps. */
  readonly edits: readonly FileEdit[];
  /**
   * Determines how the change affects what is sent, by evaluating before and after.
   *
   * @returns undefined if that is not what the title says; the fix must then not be offered
   * @throws the signal's reason when it is aborted
   */
  effect(signal?: AbortSignal): Promise<FixEffect | undefined>;
}

/** Edit of a file, which is created if it is missing. */
interface FileEdit {
  readonly file: string;
  readonly range: TextRange;
  readonly newText: string;
}

/** Effect of a change on what is sent. */
export interface FixEffect {
  /** Whether there was a tree to evaluate; without one, the effect is unknown. */
  readonly isKnown: boolean;
  readonly stopsSending: SentChange;
  readonly startsSending: SentChange;
  /**
   * One example each of files that don't exist yet and that will, because of the change, not be sent or be sent once
   * they do.
   */
  readonly later?: { readonly stops: readonly string[]; readonly starts: readonly string[] };
}

/** Paths that start or stop being sent. */
export interface SentChange {
  /** Number of files, links, and pipes. */
  readonly files: number;
  /** Number of directories whose contents don't change with them. */
  readonly folders: number;
  readonly bytes: number;
  /** First three paths. */
  readonly examples: readonly string[];
}
