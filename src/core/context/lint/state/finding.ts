import type { TextRange } from "../../../base/textRange";

/** Provably wrong, harmful on this tree, surprising, cosmetic. */
export type Severity = "error" | "warning" | "information" | "hint";

/** What kind of thing was found; stable across versions, so that settings and comments can name it. */
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

/** One thing to tell about an ignore file, or about a Dockerfile that depends on it. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** Slash-separated, relative to the context's root. */
  readonly file: string;
  readonly range: TextRange;
  /** A whole sentence on what happens on this tree, with numbers where there are some. */
  readonly message: string;
  /** Why builders do that. */
  readonly explanation: string;
  readonly docsUrl: string;
  readonly related: readonly RelatedPlace[];
  /** The best first. */
  readonly fixes: readonly Fix[];
}

/** Another line that plays a part. */
export interface RelatedPlace {
  readonly file: string;
  readonly range: TextRange;
  readonly message: string;
}

/** A change that mends a finding. */
export interface Fix {
  readonly title: string;
  /** All of one text, none overlapping another. */
  readonly edits: readonly FileEdit[];
  /**
   * What the change does to what is sent, found out by evaluating before and after.
   *
   * @returns nothing if that is not what the title says; then the fix must not be offered
   * @throws the signal's reason when it is aborted
   */
  effect(signal?: AbortSignal): Promise<FixEffect | undefined>;
}

/** An edit of a file, which is made if it is missing. */
interface FileEdit {
  readonly file: string;
  readonly range: TextRange;
  readonly newText: string;
}

/** What a change does to what is sent. */
export interface FixEffect {
  /** Whether there was a tree to evaluate on; without one nothing is known to change. */
  readonly isKnown: boolean;
  readonly stopsSending: SentChange;
  readonly startsSending: SentChange;
  /** Files that are not there, and that will no longer be sent, or be sent, once they come: an example each. */
  readonly later?: { readonly stops: readonly string[]; readonly starts: readonly string[] };
}

/** What is on one side of a change. */
export interface SentChange {
  /** Files, links and pipes. */
  readonly files: number;
  /** Directories that come or go by themselves. */
  readonly folders: number;
  readonly bytes: number;
  /** The first three paths. */
  readonly examples: readonly string[];
}
