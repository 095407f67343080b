import type { IgnorePattern, IgnoreProblem } from "../dockerignore/parseIgnoreFile";
import type { LineMatches } from "../tree/lineMatches";

/** What the evaluation of one pattern rests on: the paths it matches, or why it cannot be used. */
export type Line = { readonly pattern: IgnorePattern } & (
  { readonly matches: LineMatches } | { readonly problem: IgnoreProblem }
);
