import type { IgnorePattern, IgnoreProblem } from "../dockerignore/parseIgnoreFile";
import type { LineMatches } from "../tree/lineMatches";

/** Rule to evaluate, with the paths it matches or the reason why it is invalid. */
export type Line = { readonly pattern: IgnorePattern } & (
  { readonly matches: LineMatches } | { readonly problem: IgnoreProblem }
);
