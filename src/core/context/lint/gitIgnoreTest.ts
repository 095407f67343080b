import type { PathTree } from "../tree/pathTree";
import type { GitIgnoreFiles } from "../gitignore/gitIgnored";
import { gitLines, gitPatterns } from "../gitignore/gitPatterns";
import { instancesOf, withFolders } from "./state/pathPatterns";

/**
 * Returns a test of whether Git ignores what a pattern of an ignore file matches. The test returns undefined if that
 * depends on a `.gitignore` with unknown content.
 */
export function gitIgnoreTest(
  files: GitIgnoreFiles | undefined,
  tree: PathTree | undefined,
): (text: string) => boolean | undefined {
  const scopes = (files?.above ?? []).map(({ folder, text }) => ({
    folder,
    patterns: gitPatterns(gitLines(text)),
  }));
  const isIn = (path: string): boolean => {
    const whole = files?.context ? `${files.context}/${path}` : path;
    return scopes.some(({ folder, patterns }) => {
      const relative = folder === "" ? whole : whole.slice(folder.length + 1);
      return patterns.ignores(relative) || patterns.ignores(`${relative}/`);
    });
  };
  const isHidden = (folder: string): boolean =>
    (files === undefined || folder !== "") &&
    tree?.find(folder === "" ? ".gitignore" : `${folder}/.gitignore`) !== undefined;
  return (text) => {
    const paths = instancesOf(text);
    if (paths.some(isIn)) return true;
    return paths.some((path) => ["", ...withFolders(path).slice(0, -1)].some(isHidden)) ? undefined : false;
  };
}
